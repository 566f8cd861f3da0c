import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createAccount } from '../../src/accounts/create-account.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import { parseAddress } from '../../src/base/address.js'
import { MailSmtpFactory } from '../../src/bundled/mail/mail-smtp-factory.js'
import { notes } from '../../src/bundled/notes/offering.js'
import { runProgram } from '../../src/cli/run-program.js'
import { createSite } from '../../src/offerings/create-site.js'
import { endow } from '../../src/offerings/endow.js'
import { installOffering } from '../../src/offerings/install-offering.js'
import { loadOffering } from '../../src/offerings/load-offering.js'
import { SslPort, TcpPort } from '../../src/offerings/site-items/ports.js'
import { Site } from '../../src/site/site.js'
import { atEnd } from './at-end.js'
import { fakeEnv } from './fake-env.js'
import { type Finished, mantissa, splitWords } from './mantissa.js'
import { openFilesOf, type RealNode, startNodeProcess } from './node-process.js'
import { CHEAP_HASH, loggedIn, type WebBrowser } from './web-browser.js'

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

export interface ServedSiteOptions {
  /** Default: notes and mail. */
  readonly offerings?: readonly string[]
  /** Accounts with the password `password`, who may keep notes. */
  readonly people?: readonly string[]
  readonly hasPublicUrl?: boolean
}

/**
 * A site of example.com with fixed ports on loopback, so that it is found there again whenever its node starts; the node
 * is a process of its own.
 */
export class ServedSite {
  readonly directory: string
  /** Where it is served, and its public URL, without a slash at the end. */
  readonly url: string
  /** Where it takes mail; 0 where it does not. */
  readonly mailPort: number
  #node: RealNode | undefined
  #end: (() => Promise<void>) | undefined

  private constructor(directory: string, webPort: number, mailPort: number) {
    this.directory = directory
    this.url = `http://127.0.0.1:${webPort}`
    this.mailPort = mailPort
  }

  /** No node runs yet. */
  static async make(directory: string, options: ServedSiteOptions = {}): Promise<ServedSite> {
    const { offerings = ['notes', 'mail'], people = [], hasPublicUrl = true } = options
    const made = new ServedSite(directory, await freePort(), offerings.includes('mail') ? await freePort() : 0)
    atEnd(() => made.#end?.())
    await createSite(directory, { hostname: 'example.com', ...(hasPublicUrl && { publicUrl: made.url }) })
    using site = Site.open(directory)
    for (const name of offerings) await installOffering(site, await loadOffering(name, site))
    made.#setPorts(site)
    for (const address of people) made.#addPerson(site, address, offerings.includes('notes'))
    return made
  }

  get node(): RealNode {
    if (this.#node === undefined) throw new Error(`no node was started for ${this.directory}`)
    return this.#node
  }

  /** The node lives until it is ended, or whoever has made the site is through with it (`at-end`). */
  async start(): Promise<RealNode> {
    const finished = (end: () => Promise<void>): void => {
      this.#end = end
    }
    this.#node = await startNodeProcess(this.directory, { finished })
    return this.#node
  }

  /** The site, opened beside its node; for the caller to close. */
  open(): Site {
    return Site.open(this.directory)
  }

  /** Somebody who has logged in here. */
  browser(address: string): WebBrowser {
    using site = this.open()
    return loggedIn({ site, url: this.url }, address)
  }

  /** Of the files of one store, those that the node has open. */
  openFilesOf(name: string): string[] {
    return openFilesOf(this.node.pid).filter(path => path.includes(`/${name}`) || path.includes('/temp/'))
  }

  /** Runs a verb on this site; it must succeed. */
  async run(line: string, stdin = ''): Promise<Finished> {
    const finished = await this.attempt(line, stdin)
    if (finished.code !== 0) throw new Error(`${line}: ${finished.code} ${finished.err}`)
    return finished
  }

  async attempt(line: string, stdin = ''): Promise<Finished> {
    return mantissa(line, { cwd: join(this.directory, '..'), stdin, variables: { MANTISSA_SITE: this.directory } })
  }

  /** The same within this process, which is quicker; what it printed. */
  async say(line: string): Promise<string> {
    const env = fakeEnv({})
    const code = await runProgram([...splitWords(line), '--site', this.directory], env)
    if (code !== 0) throw new Error(`${line}: ${code} ${env.stderr.text}`)
    return env.stdout.text
  }

  #setPorts({ store }: Site): void {
    store.findUnique(SslPort).deleteFromStore()
    const factory = this.mailPort === 0 ? undefined : store.findUnique(MailSmtpFactory)
    for (const port of store.query(TcpPort)) {
      const portNumber = port.factory === factory ? this.mailPort : Number(new URL(this.url).port)
      Object.assign(port, { portNumber, interface: '127.0.0.1' })
    }
  }

  #addPerson(site: Site, address: string, keepsNotes: boolean): void {
    const parsed = parseAddress(address)
    createAccount(site, { address: parsed, passwordHash: CHEAP_HASH })
    if (keepsNotes) endow(site, getAccountByAddress(site, parsed), notes)
  }
}
