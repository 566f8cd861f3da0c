import { describe, expect, it } from 'vitest'
import { translateLegacy } from '../../src/cli/legacy-aliases.js'

function translate(line: string): string {
  return translateLegacy(line.split(' ')).join(' ')
}

describe('the command lines of axiomatic', () => {
  it.each([
    ['-d s.axiom userbase create alice example.com', '-d s.axiom userbase create alice@example.com'],
    ['userbase disable alice example.com -d s.axiom', 'usermod alice@example.com --disable -d s.axiom'],
    ['userbase list --dbdir=s.axiom', 'userbase list --dbdir=s.axiom'],
    ['insert-user --userstore=/tmp/alice.axiom', 'import-user /tmp/alice.axiom'],
    ['-d s.axiom list-version', '-d s.axiom list-version'],
    ['extract-user --help', 'extract-user --help'],
    ['userbase disable --help', 'usermod --help'],
  ])('%s becomes %s', (typed, today) => expect(translate(typed)).toBe(today))

  it('keeps -d before the verb for the site and after extract-user for the destination', () => {
    expect(translate('-d s.axiom extract-user -a alice@example.com -d /tmp/out')).toBe(
      '-d s.axiom extract-user alice@example.com --destination /tmp/out',
    )
  })

  it('refuses a password in the arguments and does not repeat it', () => {
    for (const line of ['userbase create alice example.com hunter2', 'mantissa -a admin@example.com -p hunter2']) {
      expect(() => translate(line)).toThrow(expect.objectContaining({ code: 'SECRET_IN_ARGUMENTS' }))
      expect(() => translate(line)).not.toThrow(/hunter2/)
    }
  })

  it('says what is missing', () => {
    expect(() => translate('extract-user -a alice@example.com')).toThrow('extract-user needs --destination')
    expect(() => translate('userbase disable alice')).toThrow('userbase disable needs a domain')
  })

  it('leaves the verbs of today alone', () => {
    expect(translate('users --domain example.com')).toBe('users --domain example.com')
    expect(translate('useradd mantissa@example.com')).toBe('useradd mantissa@example.com')
  })
})
