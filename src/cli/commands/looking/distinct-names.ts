/** The names in their order, each once: one that was there before gets a number, `name_2`, that no other one has. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names)
  const used = new Set<string>()
  return names.map(name => {
    let distinct = name
    for (let count = 2; used.has(distinct); count += 1)
      if (!taken.has(`${name}_${count}`)) distinct = `${name}_${count}`
    used.add(distinct)
    taken.add(distinct)
    return distinct
  })
}
