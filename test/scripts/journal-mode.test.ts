import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

function modeOf(store: string): unknown {
  using database = opened(store)
  return database.handle.pragma('journal_mode', { simple: true })
}

function opened(store: string) {
  const handle = new Database(`${store}/db.sqlite`, { readonly: true, fileMustExist: true })
  return { handle, [Symbol.dispose]: () => handle.close() }
}

describe('behaviour 44: --journal-mode reaches the store', () => {
  it('and those below it, wherever it stands on the line; without it they keep theirs', async () => {
    const cwd = temporaryDirectory()
    const run = async (line: string) => expect(await mantissa(line, { cwd })).toMatchObject({ code: 0 })
    const [site, alice, bob, notes] = [
      '',
      '/files/account/x.org/alice.axiom',
      '/files/account/x.org/bob.axiom',
      '/files/app/notes.axiom',
    ].map(below => `${cwd}/s.axiom${below}`) as [string, string, string, string]
    await run('create-site s.axiom --journal-mode delete')
    expect(modeOf(site)).toBe('delete')
    await run('useradd alice@x.org --passwordless --journal-mode delete')
    await run('--journal-mode=wal offering install notes')
    expect([site, alice, notes].map(modeOf)).toEqual(['wal', 'delete', 'wal'])
    await run('--journal-mode delete useradd bob@x.org --passwordless')
    expect([site, bob].map(modeOf)).toEqual(['delete', 'delete'])
    await run('usermod alice@x.org --disable')
    expect([site, alice].map(modeOf)).toEqual(['delete', 'delete'])
    await run('usermod alice@x.org --enable --journal-mode wal')
    expect([site, alice, bob].map(modeOf)).toEqual(['wal', 'wal', 'delete'])
  })

  it.each([
    ['users --journal-mode wal', 'users changes nothing, so it has no --journal-mode'],
    ['usermod a@x.org --disable --journal-mode off', "option '--journal-mode <mode>' argument 'off' is invalid"],
  ])('%s is refused', async (line, message) => {
    const cwd = temporaryDirectory()
    const { code, err } = await mantissa(line, { cwd })
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })
})
