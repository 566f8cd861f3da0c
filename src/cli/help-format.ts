/**
 * The order of a help text: how to call it, what it is, its operands, its verbs in groups, its own options, and last
 * what is the same for every verb. The latter is spelt out in the program's help only; a verb's help names it in a line.
 */
import type { Argument, Command, Help } from 'commander'
import { foldLines } from './fold-lines.js'

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
    .map(each => help.formatItem(help.argumentTerm(each), width, help.argumentDescription(each), help))
  const options = help
    .visibleOptions(command)
    .map(each => help.formatItem(help.optionTerm(each), width, help.optionDescription(each), help))
  const lines = [
    foldLines(`Usage: ${help.commandUsage(command)}`, help.helpWidth ?? 80),
    '',
    foldLines(command.description() || command.summary(), help.helpWidth ?? 80),
    '',
    ...list('Operands:', operands),
    ...verbLists(command, help, width).flatMap(([heading, items]) => list(heading, items)),
    ...list(command.parent === null ? 'Options of every verb:' : 'Options:', options),
  ]
  return `${lines.join('\n').trimEnd()}\n${command.parent === null ? '' : everyVerbLine(command, help)}`
}

function verbLists(command: Command, help: Help, width: number): [string, string[]][] {
  const groups = help.groupItems(
    [...command.commands],
    help.visibleCommands(command),
    each => each.helpGroup() || 'Verbs:',
  )
  return [...groups].map(([heading, verbs]) => [
    heading,
    verbs.map(each => help.formatItem(help.subcommandTerm(each), width, help.subcommandDescription(each), help)),
  ])
}

function everyVerbLine(command: Command, help: Help): string {
  let program = command
  while (program.parent !== null) program = program.parent
  const names = program.options.filter(each => !each.hidden && each.long !== '--version').map(each => each.long)
  return `\n${foldLines(`Options of every verb (mantissa --help): ${names.join(' ')}`, help.helpWidth ?? 80)}\n`
}
