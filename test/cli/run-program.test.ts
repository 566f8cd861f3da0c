import { describe, expect, it } from 'vitest'
import { runProgram } from '../../src/cli/run-program.js'
import { type FakeEnvOptions, fakeEnv } from '../support/fake-env.js'

async function run(line: string, options: FakeEnvOptions = {}) {
  const env = fakeEnv(options)
  const code = await runProgram(line === '' ? [] : line.split(' '), env)
  return { code, out: env.stdout.text, err: env.stderr.text }
}

describe('usage', () => {
  it('shows the help when nothing is asked', async () => {
    const { code, out } = await run('')
    expect(code).toBe(0)
    expect(out).toMatch(/^Usage: mantissa/)
  })

  it('suggests the verb that was meant, and does not run it', async () => {
    expect(await run('explian')).toEqual({
      code: 2,
      out: '',
      err: "error: unknown command 'explian'\ntry: did you mean explain?\n",
    })
  })

  it('suggests the option that was meant', async () => {
    expect((await run('explain --jsn')).err).toBe("error: unknown option '--jsn'\ntry: did you mean --json?\n")
  })

  it('names the help of the verb for a superfluous operand', async () => {
    const { code, err } = await run('explain A B')
    expect(code).toBe(2)
    expect(err).toContain('try: mantissa explain --help')
  })

  it('prints an error as one JSON object on standard error', async () => {
    const { code, out, err } = await run('explain --json NO_SIT')
    expect(code).toBe(3)
    expect(out).toBe('')
    expect(JSON.parse(err)).toEqual({
      error: {
        code: 'NOT_FOUND',
        message: 'there is no error code NO_SIT',
        hint: 'did you mean NO_SITE?',
        details: {},
      },
    })
  })

  it('refuses a dry run of what changes nothing', async () => {
    const { code, err } = await run('explain -n')
    expect(code).toBe(2)
    expect(err).toContain('changes nothing')
  })

  it('shows no stack without --debug', async () => {
    expect((await run('explain NO_SIT')).err).not.toContain(' at ')
    expect((await run('explain NO_SIT --debug')).err).toContain(' at ')
  })
})

describe('options of every verb', () => {
  it.each(['--json explain NO_SITE', 'explain --json NO_SITE', 'explain NO_SITE --json'])('work in %s', async line => {
    const { code, out } = await run(line)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ code: 'NO_SITE' })
  })
})

describe('secrets in the arguments', () => {
  it.each([
    '--password=hunter2',
    '--passwd=hunter2',
    '--admin-password=hunter2',
    '--api-token=hunter2',
    '-password=hunter2',
  ])('refuses %s and does not repeat it', async option => {
    for (const line of [
      `explain ${option}`,
      `${option} explain`,
      `explain --json ${option}`,
      `explain --debug ${option}`,
    ]) {
      const { code, out, err } = await run(line)
      expect(code).toBe(2)
      expect(out).toBe('')
      expect(err).toContain('--password-file')
      expect(err).not.toContain('hunter2')
    }
  })

  it('does not repeat the value of a misspelt option either', async () => {
    const { err } = await run('explain --paswrd=hunter2')
    expect(err).toContain("unknown option '--paswrd'")
    expect(err).not.toContain('hunter2')
  })
})

describe('a bug', () => {
  it('is reported as one, with exit code 1', async () => {
    const env = fakeEnv()
    env.stdout.write = () => Promise.reject(new TypeError('x is not a function'))
    expect(await runProgram(['explain'], env)).toBe(1)
    expect(env.stderr.text).toBe(
      'error: unexpected failure: x is not a function\ntry: this is a bug in mantissa: run it again with --debug and report what it prints\n',
    )
  })
})

it('is silent when the reader has gone', async () => {
  const env = fakeEnv()
  env.stdout.closesAfter = 0
  expect(await runProgram(['explain'], env)).toBe(0)
  expect(env.stderr.text).toBe('')
})
