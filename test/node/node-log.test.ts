import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NodeLog } from '../../src/node/node-log.js'
import { followLog, lastLogLines } from '../../src/node/read-log.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

function newLog(): { readonly file: string; readonly log: NodeLog } {
  const site = temporaryDirectory()
  const file = join(site, 'run', 'logs', 'mantissa.log')
  return { file, log: NodeLog.open({ file, site, level: 'info' }) }
}

function linesIn(file: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
}

it('a line says when, how bad, what, and whose', async () => {
  const { file, log } = newLog()
  log.child({ service: 'port 5' }).warn({ port: 80 }, 'it is\nbusy')
  log.debug({}, 'not shown')
  log.error({ err: new Error('broken') }, 'failed')
  await log.close()
  const [first, second] = linesIn(file)
  expect(first).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    level: 'warn',
    service: 'port 5',
    port: 80,
    msg: 'it is\nbusy',
  })
  expect(second).toMatchObject({ level: 'error', err: { type: 'Error', message: 'broken' } })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('no line holds a secret, whoever passes it', async () => {
  const { file, log } = newLog()
  log.info(
    { password: 'hunter2', headers: { cookie: 'hunter2', 'set-cookie': 'hunter2', authorization: 'hunter2' } },
    'x',
  )
  log.error({ err: null, request: { form: { password: 'hunter2' } }, apiKey: 'hunter2' }, 'y')
  await log.close()
  expect(readFileSync(file, 'utf8')).not.toContain('hunter2')
})

it('a file that has grown is replaced, and the number of old ones is bounded', async () => {
  const { file, log } = newLog()
  const long = 'x'.repeat(1_000_000)
  for (let count = 0; count < 24; count += 1) log.info({ long }, 'long')
  await log.close()
  const names = readdirSync(join(file, '..'))
  expect(names.length).toBeGreaterThan(1)
  expect(names.every(name => /^mantissa\.log(\.\d)?$/.test(name))).toBe(true)
  for (const name of names) expect(statSync(join(file, '..', name)).mode & 0o777).toBe(0o600)
})

it('is opened anew after somebody has moved it away', async () => {
  const { file, log } = newLog()
  log.info({}, 'before')
  await expect.poll(() => existsSync(file) && linesIn(file).length).toBe(1)
  renameSync(file, `${file}.away`)
  log.reopen()
  log.info({}, 'after')
  await log.close()
  expect(linesIn(file).map(({ msg }) => msg)).toEqual(['after'])
  expect(linesIn(`${file}.away`).map(({ msg }) => msg)).toEqual(['before'])
})

it('the last lines are read, of the file before where the present one is young', async () => {
  const { file, log } = newLog()
  for (let count = 0; count < 2000; count += 1) log.info({ count, filler: 'ü'.repeat(50) }, 'line')
  await log.close()
  renameSync(file, `${file}.1`)
  expect(lastLogLines(file, 3, () => true).lines.map(line => JSON.parse(line).count)).toEqual([1997, 1998, 1999])
  expect(lastLogLines(file, 5000, () => true).lines).toHaveLength(2000)
  expect(lastLogLines(file, 2, line => line.includes('"count":7,')).lines).toHaveLength(1)
  expect(lastLogLines(file, 0, () => true).lines).toEqual([])
})

it('what comes is followed, through a replacement of the file', async () => {
  const { file, log } = newLog()
  log.info({}, 'first')
  await expect.poll(() => existsSync(file) && linesIn(file).length).toBe(1)
  const controller = new AbortController()
  const seen: string[] = []
  const kept = lastLogLines(file, 10, () => true)
  const following = (async () => {
    for await (const line of followLog(file, { kept, isShown: () => true, signal: controller.signal })) {
      seen.push(String((JSON.parse(line) as { msg: string }).msg))
    }
  })()
  log.info({}, 'second')
  await expect.poll(() => seen).toEqual(['first', 'second'])
  renameSync(file, `${file}.1`)
  log.reopen()
  log.info({}, 'third')
  await expect.poll(() => seen).toEqual(['first', 'second', 'third'])
  controller.abort()
  await following
  await log.close()
})
