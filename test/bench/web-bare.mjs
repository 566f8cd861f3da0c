// What a page costs without us: Fastify answers with a row that a prepared statement reads, made up to a number of bytes.
// Arguments: the directory of the store, the port, the bytes.
import fastify from 'fastify'
import { Note } from '../../dist/bundled/notes/notebook.js'
import { openBare } from './bare.mjs'

const [directory, port, length] = process.argv.slice(2)
const { table } = Note.itemType
const database = openBare(directory)
const first = database.prepare(`SELECT min(oid) FROM ${table}`).pluck().get()
const read = database.prepare(`SELECT title, body FROM ${table} WHERE oid = ?`)
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = text => text.replace(/[&<>"']/g, character => ENTITIES[character])

const app = fastify()
app.get('/users/:name/:number', (request, reply) => {
  const note = read.get(first - 1n + BigInt(request.params.number))
  if (note === undefined) return reply.code(404).send()
  const page = `<!doctype html><title>${escaped(note.title)}</title><p>${escaped(note.body)}</p>`
  return reply.type('text/html; charset=utf-8').send(page.padEnd(Number(length)))
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
process.once('SIGTERM', () => app.close().then(() => database.close()))
