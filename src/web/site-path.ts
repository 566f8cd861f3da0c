/**
 * `text` where it is a path of this site, to which somebody may be sent who gave it to us; else undefined. Neither
 * `//elsewhere` nor what browsers take for it (a backslash is a slash to them, and tabs and line ends are nothing).
 */
export function sitePath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000) return undefined
  // Anything but printable ASCII belongs percent-encoded; headers could not carry it either.
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text) ? text : undefined
}
