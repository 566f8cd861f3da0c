import { expect, it } from 'vitest'
import { runProgram } from '../../../../src/cli/run-program.js'
import { TOPICS } from '../../../../src/cli/topics.js'
import { fakeEnv } from '../../../support/fake-env.js'

async function help(...words: readonly string[]) {
  const env = fakeEnv()
  return { code: await runProgram(['help', ...words], env), out: env.stdout.text, err: env.stderr.text }
}

it('lists the topics', async () => {
  const { out } = await help()
  expect(
    out
      .trimEnd()
      .split('\n')
      .map(line => line.split('\t')[0]),
  ).toEqual(TOPICS.map(({ name }) => name))
})

it.each(TOPICS.map(({ name }) => name))('shows the topic %s, folded at 80 columns', async name => {
  const { code, out } = await help(name)
  expect(code).toBe(0)
  expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
})

it('finds a topic in two words', async () => {
  expect((await help('exit', 'codes')).out).toBe((await help('exit-codes')).out)
})

it('shows the help of a verb', async () => {
  expect((await help('explain')).out).toMatch(/^Usage: mantissa explain/)
  expect((await help('offering', 'install')).out).toMatch(/^Usage: mantissa offering install/)
})

it('suggests what was meant', async () => {
  const { code, err } = await help('exit-code')
  expect(code).toBe(3)
  expect(err).toContain('did you mean exit-codes?')
})

it('gives a topic as JSON', async () => {
  expect(JSON.parse((await help('site', '--json')).out)).toMatchObject({ topic: 'site', text: expect.any(String) })
})
