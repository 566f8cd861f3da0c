import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))

/** How the site of the examples is made. */
const STEPS = [
  'mantissa create-site example.axiom --hostname example.com',
  'mantissa create-site other.axiom --hostname example.org',
  // The node of the examples finds its ports free, whatever else runs on this machine.
  'mantissa sql --yes --write "UPDATE item_xmantissa_port_tcpport_v2 SET portNumber = 0"',
  'mantissa sql --yes --write "UPDATE item_xmantissa_port_sslport_v2 SET portNumber = 0"',
  'mantissa offering install notes',
  'mantissa offering install notes --site other.axiom',
  'mantissa useradd alice@example.com --password-file secret.txt',
  'mantissa useradd zoe@example.com --password-file secret.txt',
  'mantissa useradd moved@example.com --passwordless',
  'mantissa login-method add alice@example.com alice@example.org',
  'mantissa offering endow alice@example.com notes',
  'mantissa share create alice@example.com 5 --to zoe@example.com --interface mantissa.notes.INotes --id diary',
  'mantissa role add-member alice@example.com family zoe@example.com',
  'mantissa offering add-source chores',
  'mantissa offering add-source chores --site other.axiom',
  'mantissa offering install chores',
  'mantissa offering endow alice@example.com chores',
  'mantissa export-user alice@example.com alice.tar.gz',
  'mantissa transfer-user moved@example.com --to other.axiom',
  'mantissa api-key set Weather --file secret.txt',
]

/** Files that examples name. */
const FILES: Readonly<Record<string, string>> = {
  'secret.txt': 'another password\n',
  'users.csv': 'address\ncarol@example.com\ndave@example.com\n',
  'movers.txt': '# to the other site\nzoe@example.com\n',
  'users.jsonl': '{"address":"erin@example.com"}\n',
  'polls/package.json': '{"name":"polls","description":"Ask everybody","mantissa":{"offerings":"./offerings.js"}}',
  'polls/offerings.js': 'export const offerings = []',
  'chores/package.json': '{"name":"chores","mantissa":{"offerings":"./offerings.js"}}',
  'chores/offerings.js': `
    import { defineInterface, defineOffering, integer, item, schedule, Timestamp } from 'mantissa'
    class Chore extends item({
      typeName: 'chores_chore',
      version: 1,
      module: 'axiom.item',
      attributes: { done: integer({ default: 0 }) },
      powerupInterfaces: [defineInterface('chores.IChore')],
    }) {
      installed() { schedule(this, Timestamp.fromDate(new Date('2100-01-01'))) }
      run() { this.done += 1 }
    }
    const chore = { name: 'chore', description: '', itemClass: Chore }
    export const offerings = [defineOffering({ name: 'chores', description: '', installablePowerups: [chore] })]`,
}

/**
 * A directory in which every example of every help can be run: the site `example.axiom` with some users and the offering
 * `notes`, another site `other.axiom`, and the files that examples name. It can be put back to how it was made; a site
 * knows where it lies, so that is done in place and not by copying it elsewhere.
 */
export class ExampleSite implements Disposable {
  readonly #root: string
  readonly #path: string

  /** Takes some seconds. */
  constructor() {
    this.#root = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-examples-')))
    this.#path = `${this.#root}/programs:${process.env.PATH}`
    for (const name of ['programs', 'here/polls', 'here/chores'])
      mkdirSync(join(this.#root, name), { recursive: true, mode: 0o700 })
    const program = join(this.#root, 'programs', 'mantissa')
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
    chmodSync(program, 0o755)
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(this.directory, name), text, { mode: 0o600 })
    for (const step of STEPS) this.#make(step)
    cpSync(this.directory, join(this.#root, 'made'), { recursive: true })
  }

  get directory(): string {
    return join(this.#root, 'here')
  }

  /** Runs a line of sh in which `mantissa` is the program and `example.axiom` the site that is meant. */
  run(line: string) {
    const env = { PATH: this.#path, HOME: this.#root, MANTISSA_SITE: 'example.axiom' }
    return spawnSync('sh', ['-c', line], {
      cwd: this.directory,
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /** Puts everything back to how it was made; files keep their inodes. */
  restore(): void {
    putBack(join(this.#root, 'made'), this.directory)
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true })
  }

  #make(step: string): void {
    const { status, stderr } = this.run(step)
    if (status !== 0) throw new Error(`${step}: ${stderr}`)
  }
}

function putBack(made: string, here: string): void {
  mkdirSync(here, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(here)) {
    if (!existsSync(join(made, name))) rmSync(join(here, name), { recursive: true })
  }
  for (const entry of readdirSync(made, { withFileTypes: true })) {
    const [from, to] = [join(made, entry.name), join(here, entry.name)]
    if (entry.isDirectory()) putBack(from, to)
    else writeFileSync(to, readFileSync(from), { mode: 0o600 })
  }
}
