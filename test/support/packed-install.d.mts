/** Packs into `directory` and unpacks below its node_modules; the paths in the package come back. */
export function installPacked(directory: string): { readonly files: readonly string[] }
