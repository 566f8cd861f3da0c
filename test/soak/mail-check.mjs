/** Looks at what mail has come, with SQLite and the file system alone. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/**
 * What is wrong: a message that is missing somewhere, is there without having been sent, or differs by a byte. How many
 * are stored twice; how many files of messages no item names.
 */
export function checkMail(site, { messages, users }) {
  const found = { wrongs: [], doubles: 0, leftOver: 0 }
  for (const user of users) {
    const wanted = new Map(messages.filter(({ to }) => to.includes(user)).map(message => [message.id, message]))
    checkStore(storeOf(site, user), { user, wanted, found })
  }
  return found
}

function storeOf(site, user) {
  const [localpart, domain] = user.split('@')
  return join(site, 'files', 'account', domain, `${localpart}.axiom`)
}

function checkStore(store, { user, wanted, found }) {
  const rows = readRows(store)
  const files = new Set(filesIn(join(store, 'files', 'mail')))
  const seen = new Set()
  for (const { messageId, file, size } of rows) {
    const message = wanted.get(messageId)
    files.delete(join(store, 'files', file))
    if (message === undefined) found.wrongs.push(`${user} has ${messageId}, which nobody has sent`)
    else if (seen.has(messageId)) found.doubles += 1
    else if (!message.raw.equals(readFileSync(join(store, 'files', file))) || message.raw.length !== size)
      found.wrongs.push(`${user} has ${messageId} not as it was sent`)
    seen.add(messageId)
  }
  for (const id of wanted.keys()) if (!seen.has(id)) found.wrongs.push(`${user} has lost ${id}`)
  if (found.doubles > 0) found.wrongs.push(`${user} has ${found.doubles} messages twice`)
  found.leftOver += files.size
}

function readRows(store) {
  const database = new Database(join(store, 'db.sqlite'), { readonly: true })
  try {
    return database.prepare('SELECT messageId, file, size FROM item_mail_message_v1').all()
  } finally {
    database.close()
  }
}

function filesIn(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
