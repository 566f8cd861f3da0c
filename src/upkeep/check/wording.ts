/** Some of many, for a message: `3, 7, 12, …`. */
export function someOf(all: readonly unknown[], most = 3): string {
  return [...all.slice(0, most).map(String), ...(all.length > most ? ['…'] : [])].join(', ')
}

/** `1 item`, `2 items`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
