/**
 * Command lines of `axiomatic`, so that fingers and scripts keep working.
 *
 * They are translated before commander sees them, because their options are others: `-d` is the destination of
 * `extract-user` and the site everywhere else. Options that stood before the verb (`-d site.axiom extract-user …`) stay
 * the site's. What the original took as a password in its arguments is refused here like everywhere.
 *
 * One row a verb: the words that name it, and what they become.
 */
import { InvalidInputError } from '../base/errors.js'
import { secretInArguments } from './usage-errors.js'

interface LegacyVerb {
  readonly words: readonly string[]
  /** Whose help explains it. */
  readonly today: string
  /** Short and long spellings of options that take a value, to the name `become` asks for. */
  readonly options: Readonly<Record<string, string>>
  readonly become: (values: Readonly<Record<string, string>>, operands: readonly string[]) => readonly string[]
}

const LEGACY_VERBS: readonly LegacyVerb[] = [
  {
    words: ['mantissa'],
    today: 'create-site',
    options: { '-a': 'admin', '--admin-user': 'admin', '-p': 'secret', '--public-url': 'publicUrl' },
    become: values => [
      'create-site',
      ...option('--admin', values['admin'] ?? 'admin@localhost'),
      ...option('--public-url', values['publicUrl']),
    ],
  },
  { words: ['userbase', 'install'], today: 'userbase install', options: {}, become: () => ['userbase', 'install'] },
  {
    words: ['userbase', 'create'],
    today: 'userbase create',
    options: {},
    become: (_values, [user, domain, ...secrets]) => {
      if (secrets.length > 0) throw secretInArguments('a password as the third operand')
      return ['userbase', 'create', ...addressOperand('userbase create', user, domain)]
    },
  },
  {
    words: ['userbase', 'disable'],
    today: 'usermod',
    options: {},
    become: (_values, [user, domain]) => ['usermod', ...addressOperand('userbase disable', user, domain), '--disable'],
  },
  { words: ['userbase', 'list'], today: 'userbase list', options: {}, become: () => ['userbase', 'list'] },
  { words: ['list-version'], today: 'list-version', options: {}, become: () => ['list-version'] },
  {
    words: ['extract-user'],
    today: 'extract-user',
    options: { '-a': 'address', '--address': 'address', '-d': 'destination', '--destination': 'destination' },
    become: values => [
      'extract-user',
      required('extract-user', '--address', values['address']),
      ...option('--destination', required('extract-user', '--destination', values['destination'])),
    ],
  },
  {
    words: ['insert-user'],
    today: 'import-user',
    options: { '-u': 'userstore', '--userstore': 'userstore' },
    become: values => ['import-user', required('insert-user', '--userstore', values['userstore'])],
  },
]

/** Global options that take a value; the word after them is not the verb. */
const VALUED = new Set(['-d', '--site', '--dbdir', '--journal-mode'])

/** The arguments in today's words; those of today's verbs come back as they are. */
export function translateLegacy(argv: readonly string[]): readonly string[] {
  const start = verbPosition(argv)
  const legacy = LEGACY_VERBS.find(({ words }) => words.every((word, index) => argv[start + index] === word))
  if (legacy === undefined) return argv
  const { values, operands, others } = readOptions(legacy, argv.slice(start + legacy.words.length))
  if (others.includes('--help') || others.includes('-h')) return [...legacy.today.split(' '), '--help']
  if (values['secret'] !== undefined) throw secretInArguments('-p')
  return [...argv.slice(0, start), ...legacy.become(values, operands), ...others]
}

function verbPosition(argv: readonly string[]): number {
  let position = 0
  while (argv[position]?.startsWith('-')) position += VALUED.has(argv[position] ?? '') ? 2 : 1
  return position
}

interface ReadOptions {
  readonly values: Readonly<Record<string, string>>
  readonly operands: readonly string[]
  /** Options of today, left for commander. */
  readonly others: readonly string[]
}

function readOptions(legacy: LegacyVerb, argv: readonly string[]): ReadOptions {
  const values: Record<string, string> = {}
  const operands: string[] = []
  const others: string[] = []
  for (let index = 0; index < argv.length; index++) {
    const [spelling = '', attached] = splitAttached(argv[index] ?? '')
    const name = legacy.options[spelling]
    if (name !== undefined) values[name] = attached ?? argv[++index] ?? ''
    else if (!spelling.startsWith('-')) operands.push(argv[index] ?? '')
    else {
      others.push(argv[index] ?? '')
      if (attached === undefined && (VALUED.has(spelling) || spelling === '--password-file'))
        others.push(argv[++index] ?? '')
    }
  }
  return { values, operands, others }
}

function splitAttached(argument: string): readonly [string, string?] {
  const equals = argument.indexOf('=')
  return argument.startsWith('--') && equals > 0 ? [argument.slice(0, equals), argument.slice(equals + 1)] : [argument]
}

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [name, value]
}

function required(verb: string, name: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value
  throw new InvalidInputError(`${verb} needs ${name}`, { code: 'USAGE', hint: `mantissa ${verb} --help` })
}

function addressOperand(verb: string, user: string | undefined, domain: string | undefined): readonly string[] {
  return [`${required(verb, 'a user name', user)}@${required(verb, 'a domain', domain)}`]
}
