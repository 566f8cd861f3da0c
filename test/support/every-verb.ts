import type { Command } from 'commander'
import { buildProgram } from '../../src/cli/program.js'
import { runProgram } from '../../src/cli/run-program.js'
import { fakeEnv } from './fake-env.js'

/** `offering install`, for every verb that does something and is not hidden. */
export function everyVerb(): string[] {
  return verbsBelow(buildProgram(fakeEnv()), [])
}

/** What `mantissa <verb> --help` prints. */
export async function helpOf(verb: string): Promise<string> {
  const env = fakeEnv()
  await runProgram([...verb.split(' '), '--help'], env)
  return env.stdout.text
}

/** The command lines below `Examples:`, from `mantissa` on. */
export async function examplesOf(verb: string): Promise<string[]> {
  const help = await helpOf(verb)
  return [...help.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = '']) => line)
}

function verbsBelow(group: Command, words: readonly string[]): string[] {
  const visible = group.createHelp().visibleCommands(group)
  return visible.flatMap(each => {
    const path = [...words, each.name()]
    return each.commands.length > 0 ? verbsBelow(each, path) : [path.join(' ')]
  })
}
