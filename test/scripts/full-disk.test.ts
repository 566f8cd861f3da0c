import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mountSmallDisk } from '../store-engine/small-disk.js'
import { mantissa } from '../support/mantissa.js'
import { asNobody, canBeNobody, projectForOthers } from '../support/project-for-others.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('a full disk is told as such wherever the bytes go, and leaves nothing behind', async context => {
  const disk = mountSmallDisk(4096)
  if (disk === undefined) return context.skip('mounting a file system is not permitted here')
  const cwd = temporaryDirectory()
  const run = (words: string) => mantissa(`${words} --json`, { cwd, variables: { MANTISSA_SITE: 'site.axiom' } })
  for (const line of ['create-site site.axiom', 'useradd alice@example.com --passwordless'])
    expect(await run(line)).toMatchObject({ code: 0 })
  const directory = 'site.axiom/files/account/example.com/alice.axiom'
  disk.fill(32 * 1024)
  for (const line of [
    `export-user alice@example.com ${disk.directory}/a.tar.gz`,
    `userdel alice@example.com --confirm alice@example.com --archive ${disk.directory}/a.tar.gz`,
  ]) {
    const { code, err } = await run(line)
    expect(err).toMatch(/"(?:NO_SPACE|NO_ROOM|DISK_FULL)"/)
    expect(code).toBe(7)
  }
  rmSync(join(disk.directory, 'ballast'))
  disk.fill(0)
  const redirected = spawnSync(
    'sh',
    [
      '-c',
      `"${process.execPath}" "${join(import.meta.dirname, '../../bin/mantissa.js')}" export-user alice@example.com - > ${disk.directory}/a`,
    ],
    { cwd, env: { MANTISSA_SITE: 'site.axiom' }, encoding: 'utf8' },
  )
  expect(redirected.stderr).toMatch(/^error: no space left for the output\ntry: /)
  expect(redirected.status).toBe(7)
  expect(readdirSync(disk.directory).filter(name => name !== 'a')).toEqual(['ballast'])
  expect(readdirSync(join(cwd, 'site.axiom/temp'))).toEqual([])
  expect(await run('user alice@example.com')).toMatchObject({ code: 0, out: expect.stringContaining('"active"') })
  expect(readdirSync(join(cwd, directory))).toContain('db.sqlite')
})

it.runIf(canBeNobody)('what may not be read or written is denied by name', async () => {
  const cwd = temporaryDirectory()
  spawnSync('chmod', ['a+rwx', cwd])
  const bin = join(projectForOthers(), 'bin/mantissa.js')
  const run = (words: string) =>
    spawnSync('setpriv', [...asNobody, process.execPath, bin, ...words.split(' ')], {
      cwd,
      env: { MANTISSA_SITE: 'site.axiom', HOME: cwd },
      encoding: 'utf8',
    })
  for (const line of ['create-site site.axiom', 'useradd alice@example.com --passwordless'])
    expect(run(line)).toMatchObject({ status: 0 })
  writeFileSync(join(cwd, 'secret'), 'address\nx@example.com\n', { mode: 0o600 })
  spawnSync('mkdir', ['-m', '755', join(cwd, 'closed')])
  for (const line of [
    'export-user alice@example.com closed/a.tar.gz',
    'export-user alice@example.com closed --format directory',
    'userdel alice@example.com --confirm alice@example.com --archive closed/a.tar.gz',
    'useradd --from secret',
    'import-user secret',
    'passwd alice@example.com --password-file secret',
    'create-site closed/b.axiom',
  ]) {
    const { stderr, status } = run(line)
    expect(stderr).toMatch(/^error: .*(?:closed|secret).*\ntry: .+\n$/)
    expect(stderr).not.toContain('unexpected')
    expect([line, [3, 5].includes(status ?? 1)]).toEqual([line, true])
  }
  expect(run('user alice@example.com')).toMatchObject({ status: 0, stdout: expect.stringContaining('active') })
})

it('on a full disk a node that does not run is not taken for one that does not answer', async context => {
  const disk = mountSmallDisk(4096)
  if (disk === undefined) return context.skip('mounting a file system is not permitted here')
  const run = (words: string) => mantissa(`${words} --json --site site.axiom`, { cwd: disk.directory })
  expect(await run('create-site site.axiom')).toMatchObject({ code: 0 })
  disk.fill(0)
  expect((await run('start --detach --admin off')).err).toContain('DISK_FULL')
  const { code, out } = await run('status')
  expect([code, JSON.parse(out).status]).toEqual([3, 'stopped'])
})
