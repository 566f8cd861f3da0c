/**
 * Breaks lines at spaces so that none is longer than `width`. What an indented line goes on with keeps its indentation,
 * or stands below the second column where the line has one (`  4  exists already`).
 */
export function foldLines(text: string, width: number): string {
  return text
    .split('\n')
    .map(line => foldLine(line, width))
    .join('\n')
}

function foldLine(line: string, width: number): string {
  const hanging = /^\s+\S+\s{2,}|^\s*/.exec(line)?.[0].length ?? 0
  const indent = ' '.repeat(hanging > width / 2 ? 2 : hanging)
  const lines: string[] = []
  let rest = line
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const end = space > indent.length ? space : rest.indexOf(' ', width)
    if (end < 0) break
    lines.push(rest.slice(0, end).trimEnd())
    rest = indent + rest.slice(end).trimStart()
  }
  return [...lines, rest].join('\n')
}
