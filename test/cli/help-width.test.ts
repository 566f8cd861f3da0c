import { describe, expect, it } from 'vitest'
import { runProgram } from '../../src/cli/run-program.js'
import { everyVerb } from '../support/every-verb.js'
import { fakeEnv } from '../support/fake-env.js'

it.each(everyVerb())('the help of "%s" tells in a sentence what it does', async verb => {
  const env = fakeEnv()
  env.stdout.columns = 500
  await runProgram([...verb.split(' '), '--help'], env)
  expect(env.stdout.text.split('\n')[2]).toMatch(/^[A-Z].*\.$/)
})

describe.each([40, 80, 120])('in %i columns', columns => {
  it.each(['', ...everyVerb()])('the help of "%s" fits', async verb => {
    const env = fakeEnv()
    env.stdout.columns = columns
    await runProgram([...verb.split(' ').filter(Boolean), '--help'], env)
    // Command lines are for copying, so they are never broken.
    const lines = env.stdout.text.split('\n').filter(line => !/(?:\$|bash|zsh|fish) +mantissa /.test(line))
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.filter(line => line.length > columns && / \S+ /.test(line.slice(0, columns).trim()))).toEqual([])
  })
})
