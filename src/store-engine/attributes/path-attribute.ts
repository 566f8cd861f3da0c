import { isAbsolute, join, relative, sep } from 'node:path'
import { IntegrityError } from '../../base/errors.js'
import { ConstraintError, InvalidPathError, NoFilesAreaError } from '../errors.js'
import type { Place } from './attribute.js'
import { type AttributeOptions, type Made, makeAttribute } from './attributes.js'

/**
 * The absolute path of something below the store's `files/`. Stored relative to it with `/` between the parts, so that
 * a store that moves keeps its files.
 * @throws InvalidPathError when set to `files/` itself or to anything outside it.
 */
export function path<const O extends AttributeOptions<string>>(options: O = {} as O): Made<string, O> {
  return makeAttribute<string, O>(
    {
      kind: 'path',
      sqltype: 'TEXT COLLATE NOCASE',
      encode: toStored,
      decode: (stored, place, label) => toAbsolute(String(stored), place, label),
    },
    options,
  )
}

function filesOf(place: Place, label: string): string {
  const files = place.store.filesDirectory
  if (files === null) throw new NoFilesAreaError(`${place.locate(label)} needs a store that has a files directory`)
  return files
}

function toStored(value: string, place: Place, label: string): string {
  if (typeof value !== 'string' || !isAbsolute(value) || value.includes('\0') || !value.isWellFormed())
    throw new ConstraintError(`${place.locate(label)} takes an absolute path`)
  const parts = relative(filesOf(place, label), value).split(sep)
  if (parts.some(part => part === '' || part === '..' || isAbsolute(part)))
    throw new InvalidPathError(`${place.locate(label)}: ${value} is not below ${filesOf(place, label)}`)
  return parts.join('/')
}

function toAbsolute(stored: string, place: Place, label: string): string {
  const parts = stored.split('/')
  // A file may come from a stranger: a stored '..' would lead out of the store.
  if (parts.some(part => part === '' || part === '.' || part === '..' || part.includes('\0')))
    throw new IntegrityError(`${place.locate(label)} holds a path that leaves the store`, { code: 'HOSTILE_PATH' })
  return join(filesOf(place, label), ...parts)
}
