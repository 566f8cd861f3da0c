import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ExampleSite } from '../support/example-site.js'

/** What somebody types whose fingers know axiomatic; the steps build on one another. */
let site: ExampleSite

beforeAll(() => {
  site = new ExampleSite()
})

afterAll(() => site[Symbol.dispose]())

function type(line: string): string {
  const { status, stdout, stderr } = site.run(line)
  expect(`${status} ${stderr}`).toMatch(/^0 /)
  return stdout
}

it('userbase create, disable and list', () => {
  type('mantissa -d example.axiom userbase create bob example.com --password-file secret.txt')
  type('mantissa --dbdir example.axiom userbase disable bob example.com')
  const lines = type('mantissa userbase list -d example.axiom').split('\n')
  expect(lines).toEqual(expect.arrayContaining(['alice@example.com', 'bob@example.com [DISABLED]', 'notes']))
})

it('extract-user, whose -d is the destination, and insert-user', () => {
  type('mantissa -d example.axiom extract-user -a bob@example.com -d .')
  expect(existsSync(join(site.directory, 'bob@example.com.axiom', 'db.sqlite'))).toBe(true)
  expect(type('mantissa userbase list')).not.toContain('bob@example.com')
  type('mantissa -d other.axiom insert-user -u bob@example.com.axiom')
  expect(type('mantissa -d other.axiom userbase list')).toContain('bob@example.com [DISABLED]')
})

it('list-version, which says nothing of a site that no node has run', () => {
  expect(type('mantissa -d example.axiom list-version')).toBe('')
})

it('mantissa, which makes a site', () => {
  const made = type('mantissa -d new.axiom mantissa --admin-user admin@example.net --password-file secret.txt --json')
  expect(JSON.parse(made)).toMatchObject({ status: 'done', hostname: 'example.net', admin: 'admin@example.net' })
})

it('but no password in the arguments', () => {
  for (const line of ['mantissa userbase create eve example.com hunter2', 'mantissa -d x.axiom mantissa -p hunter2']) {
    const { status, stdout, stderr } = site.run(line)
    expect(status).toBe(2)
    expect(stderr).toContain('--password-file')
    expect(stdout + stderr).not.toContain('hunter2')
  }
  expect(existsSync(join(site.directory, 'x.axiom'))).toBe(false)
})
