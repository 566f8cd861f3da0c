/**
 * Completion scripts made from the commander tree, so that they know every verb and option there is. Each script holds a
 * table from the words of a verb to its completions and needs no call of the program, which keeps the Tab key fast.
 */
import type { Command } from 'commander'

interface Completions {
  /** `offering install`; empty for the program. */
  readonly verb: string
  readonly words: readonly Word[]
}

interface Word {
  readonly word: string
  readonly about: string
}

export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  const table = completionsOf(program, '')
  if (shell === 'bash') return bashScript(table)
  return shell === 'zsh' ? zshScript(table) : fishScript(table)
}

function completionsOf(command: Command, verb: string): Completions[] {
  const children = visibleVerbs(command)
  const words = [...children.map(each => ({ word: each.name(), about: each.summary() })), ...optionsOf(command)]
  return [{ verb, words }, ...children.flatMap(each => completionsOf(each, `${verb} ${each.name()}`.trim()))]
}

/** Commander tells of hidden verbs only through its help. */
function visibleVerbs(command: Command): readonly Command[] {
  const help = command.createHelp()
  return help.visibleCommands(command).filter(each => command.commands.includes(each))
}

function optionsOf(command: Command): Word[] {
  const chain: Command[] = []
  for (let each: Command | null = command; each !== null; each = each.parent) chain.push(each)
  const words = chain
    .flatMap(each => each.options)
    .filter(each => !each.hidden && each.long != null)
    .map(each => ({ word: each.long ?? '', about: each.description }))
  return [...words, { word: '--help', about: 'show this help' }]
}

function bashScript(table: readonly Completions[]): string {
  const cases = table.map(({ verb, words }) => `    '${verb}') words='${words.map(({ word }) => word).join(' ')}' ;;`)
  return `# bash completion for mantissa
_mantissa() {
  local current="\${COMP_WORDS[COMP_CWORD]}" verb='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$verb $word" in
${verbCases(table)}
    esac
  done
  case "$verb" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _mantissa mantissa
`
}

/** Cases, for either shell, that follow the typed words to the verb that they make: `' users'` or `'offering list'`. */
function verbCases(table: readonly Completions[]): string {
  const verbs = table.map(({ verb }) => verb).filter(verb => verb !== '')
  return verbs.map(verb => `      '${verb.includes(' ') ? '' : ' '}${verb}') verb='${verb}' ;;`).join('\n')
}

function zshScript(table: readonly Completions[]): string {
  const cases = table.map(
    ({ verb, words }) => `    '${verb}') words=(${words.map(({ word, about }) => zshWord(word, about)).join(' ')}) ;;`,
  )
  return `#compdef mantissa
_mantissa() {
  local verb='' word
  local -a words_typed words
  words_typed=("\${(@)words[2,CURRENT-1]}")
  for word in $words_typed; do
    case "$verb $word" in
${verbCases(table)}
    esac
  done
  case "$verb" in
${cases.join('\n')}
  esac
  _describe 'mantissa' words || _files
}
compdef _mantissa mantissa
`
}

function zshWord(word: string, about: string): string {
  return `'${`${word}:${about.replaceAll(':', '\\:')}`.replaceAll("'", "'\\''")}'`
}

function fishScript(table: readonly Completions[]): string {
  const lines = table.flatMap(({ verb, words }) =>
    words.map(({ word, about }) => {
      const condition = verb === '' ? '__mantissa_verb_is' : `__mantissa_verb_is ${verb}`
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c mantissa -n '${condition}' ${what} -d '${about.replaceAll("'", "\\'")}'`
    }),
  )
  const verbs = table.filter(({ verb }) => verb !== '').map(({ verb }) => `'${verb}'`)
  return `# fish completion for mantissa
function __mantissa_verb_is
  set -l verbs ${verbs.join(' ')}
  set -l verb
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim -- "$verb $word")
    if contains -- "$longer" $verbs
      set verb $longer
    end
  end
  test "$verb" = "$argv"
end
${lines.join('\n')}
`
}
