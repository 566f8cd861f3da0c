import { describe, expect, it } from 'vitest'
import { confirmByName, confirmYes } from '../../src/cli/confirmation.js'
import { fakeContext } from '../support/fake-context.js'

const LOSS = 'Everything alice@example.com ever kept will be gone.'

describe('moderate acts', () => {
  it('ask y/N and go on after yes', async () => {
    const context = fakeContext({}, { terminal: true, answers: [true] })
    await confirmYes(context, 'remove it?')
    expect(context.env.prompts.questions).toEqual(['remove it?'])
  })

  it('change nothing after no', async () => {
    const context = fakeContext({}, { terminal: true, answers: [false] })
    await expect(confirmYes(context, 'remove it?')).rejects.toMatchObject({ code: 'NOT_CONFIRMED' })
  })

  it('ask nobody with --yes', async () => {
    const context = fakeContext({ yes: true }, { terminal: true, answers: [false] })
    await confirmYes(context, 'remove it?')
    expect(context.env.prompts.questions).toEqual([])
  })

  it('name the option where there is no terminal', async () => {
    await expect(confirmYes(fakeContext(), 'remove it?')).rejects.toMatchObject({
      code: 'INPUT_NEEDED',
      hint: 'give --yes',
    })
  })

  it('ask nobody with --no-input', async () => {
    const context = fakeContext({ input: false }, { terminal: true })
    await expect(confirmYes(context, 'remove it?')).rejects.toThrow('--no-input forbids to ask')
  })
})

describe('severe acts', () => {
  it('want the name typed back', async () => {
    const context = fakeContext({}, { terminal: true, answers: ['alice@example.com'] })
    await confirmByName(context, 'alice@example.com', LOSS)
    expect(context.env.stderr.text).toBe(`${LOSS}\n`)
  })

  it('change nothing after another name', async () => {
    const context = fakeContext({}, { terminal: true, answers: ['alice'] })
    await expect(confirmByName(context, 'alice@example.com', LOSS)).rejects.toMatchObject({ code: 'NOT_CONFIRMED' })
  })

  it('are not answered by --yes', async () => {
    await expect(confirmByName(fakeContext({ yes: true }), 'alice@example.com', LOSS)).rejects.toMatchObject({
      code: 'INPUT_NEEDED',
      hint: 'give --confirm alice@example.com',
    })
  })

  it('are answered by --confirm with the same name', async () => {
    const same = fakeContext({ confirm: 'alice@example.com' }, { terminal: true, answers: ['bob@example.com'] })
    await confirmByName(same, 'alice@example.com', LOSS)
    expect(same.env.prompts.questions).toEqual([])
    const other = fakeContext({ confirm: 'bob@example.com' })
    await expect(confirmByName(other, 'alice@example.com', LOSS)).rejects.toMatchObject({ code: 'NOT_CONFIRMED' })
  })
})

it('a dry run asks nothing', async () => {
  const context = fakeContext({ dryRun: true }, { terminal: true, answers: [false, 'bob@example.com'] })
  await confirmYes(context, 'remove it?')
  await confirmByName(context, 'alice@example.com', LOSS)
  expect([context.env.prompts.questions, context.env.stderr.text]).toEqual([[], ''])
})
