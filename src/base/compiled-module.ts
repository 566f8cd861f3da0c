/**
 * Where the compiled JavaScript of a module is, for a thread or a process that is to begin with it: Node can begin with
 * nothing else. `name` is given as in an import of the module at `from`. When that runs from its TypeScript source, as
 * in the tests, the answer is in the build of the same tree, which has to be there.
 */
export function compiledModule(name: string, from: string): URL {
  const beside = new URL(name, from)
  if (!from.endsWith('.ts')) return beside
  const source = beside.href.lastIndexOf('/src/')
  return new URL(`${beside.href.slice(0, source)}/dist/${beside.href.slice(source + '/src/'.length)}`)
}
