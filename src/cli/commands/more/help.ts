import type { Command } from 'commander'
import { NotFoundError } from '../../../base/errors.js'
import { didYouMean, nearestNames } from '../../../base/nearest-names.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { foldLines } from '../../fold-lines.js'
import type { Topic } from '../../topics/topic.js'
import type { View } from '../../view.js'

export interface HelpOptions {
  /** A topic, or the words of a verb. Empty: list the topics. */
  readonly words: readonly string[]
  readonly program: Command
}

const topicView: View<Topic> = {
  topic: { title: 'topic', value: ({ name }) => name },
  summary: { title: 'about', value: ({ summary }) => summary },
  text: { title: 'text', value: ({ text }) => text, jsonOnly: true },
}

export function helpCommand(program: Command, env: CliEnv, run = runHelp): Command {
  return program
    .command('help')
    .summary('show a topic, or the help of a verb')
    .description('Show a topic, or the help of a verb. Without an operand, list the topics.')
    .argument('[topic...]', 'a topic such as exit-codes, or a verb')
    .addHelpText('after', examples('help', 'help exit-codes', 'help explain'))
    .action((words: string[], _flags: unknown, command: Command) => run({ words, program }, contextFor(env, command)))
}

/** Prints a topic or a verb's help. @throws NotFoundError for what is neither. */
export async function runHelp({ words, program }: HelpOptions, context: CommandContext): Promise<void> {
  const { TOPICS } = await import('../../topics.js')
  if (words.length === 0) return await context.printer.list(topicView, TOPICS, { empty: 'no topics' })
  const topic = TOPICS.find(({ name }) => name === words.join('-'))
  if (topic !== undefined) {
    const text = `${foldLines(topic.text, Math.min(80, context.env.stdout.columns))}\n`
    return await context.printer.document(topicView, topic, text)
  }
  const verb = findVerb(program, words)
  if (verb === undefined) throw unknownTopic(words, program, TOPICS)
  verb.outputHelp()
}

function findVerb(program: Command, words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (group, word) => group?.commands.find(each => each.name() === word || each.aliases().includes(word)),
    program,
  )
}

function unknownTopic(words: readonly string[], program: Command, topics: readonly Topic[]): NotFoundError {
  const names = [...topics.map(({ name }) => name), ...program.commands.map(each => each.name())]
  const near = nearestNames(words.join('-'), names)
  return new NotFoundError(`there is no topic or verb ${words.join(' ')}`, {
    hint: didYouMean(near) || 'mantissa help lists the topics',
  })
}
