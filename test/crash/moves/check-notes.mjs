/** What writers wrote, for `checker.mjs`: everything acknowledged once, nothing twice, nothing by halves. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stateOf } from './check-stores.mjs'
import { lastPath, numberOf } from './note-files.mjs'
import { filesBelow } from './read-site.mjs'

export function wrongsOfNotes(stores, notes) {
  const active = stores.filter(store => stateOf(store) === 'active')
  const rows = active.flatMap(store => store.notes.map(nameOfNote))
  const files = active.flatMap(filesOf)
  const acknowledged = kind =>
    Object.entries(notes).flatMap(([writer, told]) => told[kind].map(number => `${writer} ${number}`))
  return [
    ...wrongsOfCount('row', rows, acknowledged('rows')),
    ...wrongsOfCount(
      'file',
      files.map(({ name }) => name),
      acknowledged('files'),
    ),
    ...files.filter(({ isWhole }) => !isWhole).map(({ path }) => `${path} is not what was written there`),
    ...Object.entries(notes).flatMap(([writer, { last }]) => wrongsOfLast(active, writer, last)),
    ...lostInQuarantine(stores, rows, files),
  ]
}

function wrongsOfCount(kind, present, acknowledged) {
  const counts = new Map()
  for (const each of present) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [
    ...acknowledged.filter(each => !counts.has(each)).map(each => `lost: ${kind} ${each}`),
    ...[...counts].filter(([, count]) => count > 1).map(([each, count]) => `${kind} ${each} is there ${count} times`),
  ]
}

function filesOf({ directory }) {
  return filesBelow(join(directory, 'files', 'notes')).map(path => {
    const [, writer, number] = /^(.+)-(\d+)$/.exec(basename(path)) ?? []
    const isWhole = writer !== undefined && numberOf(writer, readFileSync(path, 'utf8')) === Number(number)
    return { path, name: `${writer} ${number}`, isWhole }
  })
}

/** The file that is written anew holds what was acknowledged last, or the one after it, which may have been on its way. */
function wrongsOfLast(active, writer, last) {
  const paths = active.flatMap(({ directory }) => filesBelow(join(directory, 'files', 'last')))
  const own = paths.filter(path => basename(path) === lastPath(writer).at(-1))
  if (own.length > 1) return [`${writer} has ${own.length} last files`]
  if (own.length === 0) return last === undefined ? [] : [`lost: the last file of ${writer}, ${last}`]
  const number = numberOf(writer, readFileSync(own[0], 'utf8'))
  return number === undefined || number < (last ?? 0) ? [`${own[0]} holds ${number}, acknowledged was ${last}`] : []
}

/** What only a store has that was put aside was written there when it could be seen no more. */
function lostInQuarantine(stores, rows, files) {
  const present = { row: new Set(rows), file: new Set(files.map(({ name }) => name)) }
  return stores
    .filter(store => stateOf(store) !== 'active')
    .flatMap(store => [
      ...onlyIn(store, 'row', store.notes.map(nameOfNote), present.row),
      ...onlyIn(
        store,
        'file',
        filesOf(store).map(({ name }) => name),
        present.file,
      ),
    ])
}

function onlyIn({ directory }, kind, names, present) {
  return names.filter(name => !present.has(name)).map(name => `${kind} ${name} is in ${directory} only`)
}

function nameOfNote({ writer, number }) {
  return `${writer} ${number}`
}
