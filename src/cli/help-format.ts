/**
 * The order of a help text: how to call it, what it is, its operands, its verbs in groups, its own options, and last
 * what is the same for every verb. The latter is spelt out in the program's help only; a verb's help names it in a line.
 */
import type { Argument, Command, Help } from 'commander'
import { foldLines } from './fold-lines.js'

const NARROWEST_DESCRIPTION = 16

/** A verb in a list: its name and operands; its options are told by its own help. */
export function verbTerm(command: Command): string {
  return [command.name(), ...command.registeredArguments.map(humanOperand)].join(' ')
}

function humanOperand(operand: Argument): string {
  const name = operand.variadic ? `${operand.name()}...` : operand.name()
  return operand.required ? `<${name}>` : `[${name}]`
}

export function formatHelp(command: Command, help: Help): string {
  const width = help.padWidth(command, help)
  const list = (heading: string, items: readonly string[]): string[] => help.formatItemList(heading, [...items], help)
  const operands = help
    .visibleArguments(command)
    .map(each => formatItem(help, width, help.argumentTerm(each), help.argumentDescription(each)))
  const options = help
    .visibleOptions(command)
    .map(each => formatItem(help, width, help.optionTerm(each), help.optionDescription(each)))
  const lines = [
    foldLines(`Usage: ${help.commandUsage(command)}`, help.helpWidth ?? 80),
    '',
    foldLines(command.description() || asSentence(command.summary()), help.helpWidth ?? 80),
    '',
    ...list('Operands:', operands),
    ...verbLists(command, help, width).flatMap(([heading, items]) => list(heading, items)),
    ...list(command.parent === null ? 'Options of every verb:' : 'Options:', options),
  ]
  return `${lines.join('\n').trimEnd()}\n${command.parent === null ? '' : everyVerbLine(command, help)}`
}

function asSentence(summary: string): string {
  return summary === '' ? '' : `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
}

function verbLists(command: Command, help: Help, width: number): [string, string[]][] {
  const groups = help.groupItems(
    [...command.commands],
    help.visibleCommands(command),
    each => each.helpGroup() || 'Verbs:',
  )
  return [...groups].map(([heading, verbs]) => [
    heading,
    verbs.map(each => formatItem(help, width, help.subcommandTerm(each), help.subcommandDescription(each))),
  ])
}

/** Term and description side by side, or where that leaves too little room the description on lines of its own. */
function formatItem(help: Help, termWidth: number, term: string, description: string): string {
  const helpWidth = help.helpWidth ?? 80
  if (helpWidth - termWidth >= NARROWEST_DESCRIPTION + 4) return help.formatItem(term, termWidth, description, help)
  return `  ${term}\n${foldLines(`      ${description}`, helpWidth)}`
}

function everyVerbLine(command: Command, help: Help): string {
  let program = command
  while (program.parent !== null) program = program.parent
  const names = program.options.filter(each => !each.hidden && each.long !== '--version').map(each => each.long)
  return `\n${foldLines(`Options of every verb (mantissa --help): ${names.join(' ')}`, help.helpWidth ?? 80)}\n`
}
