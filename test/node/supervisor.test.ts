import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Supervisor } from '../../src/node/supervisor.js'
import { KeptLog } from '../support/started-site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** A directory with a `systemd-notify` that writes down what it is given. */
function recorder(): { readonly path: string; readonly heard: () => string } {
  const path = temporaryDirectory()
  const file = join(path, 'heard')
  writeFileSync(file, '')
  writeFileSync(join(path, 'systemd-notify'), `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> '${file}'\n`)
  chmodSync(join(path, 'systemd-notify'), 0o755)
  return { path, heard: () => readFileSync(file, 'utf8') }
}

it('is told that the node is ready, lives, and stops', async () => {
  const { path, heard } = recorder()
  const variables = { PATH: `${path}:${process.env.PATH}`, NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '200000' }
  const supervisor = new Supervisor(variables, new KeptLog())
  onTestFinished(() => supervisor[Symbol.dispose]())
  supervisor.ready('serves')
  await expect.poll(heard).toContain(`/run/notify --pid=${process.pid} READY=1 STATUS=serves MAINPID=${process.pid}\n`)
  await expect.poll(heard).toContain('WATCHDOG=1')
  supervisor.stopping()
  await expect.poll(heard).toContain('STOPPING=1')
})

it('is not asked for where there is none', async () => {
  const { path, heard } = recorder()
  const supervisor = new Supervisor({ PATH: path, WATCHDOG_USEC: '1000' }, new KeptLog())
  supervisor.ready('serves')
  supervisor.stopping()
  expect(heard()).toBe('')
})

it('that cannot be told is spoken of once, in the log', async () => {
  const log = new KeptLog()
  const supervisor = new Supervisor({ PATH: temporaryDirectory(), NOTIFY_SOCKET: '/run/notify' }, log)
  supervisor.ready('serves')
  await expect.poll(() => log.lines.length).toBe(1)
  supervisor.stopping()
  expect(log.lines[0]?.sentence).toContain('Type=exec')
})
