/** `1 file`, `2 files`: a number of things whose plural takes an s. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
