import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { BusyError } from '../../../base/errors.js'
import { DEFAULT_ADMIN_ENDPOINT, parseAdminEndpoint } from '../../../node/admin-endpoint.js'
import { NodeRunningError } from '../../../node/node-lock.js'
import { LOG_LEVELS, NodeLog } from '../../../node/node-log.js'
import { NodeProcess } from '../../../node/node-process.js'
import { NODE_BUSY_TIMEOUT } from '../../../node/patience.js'
import type { Site } from '../../../site/site.js'
import { webServer } from '../../../web/web-server.js'
import { audited } from '../../audited.js'
import { OutputClosedError } from '../../cli-env.js'
import type { CommandContext } from '../../command-context.js'
import { openSiteFor } from '../../open-site.js'
import { printableOn } from '../../printer/printable.js'
import { logLineInWords, parseLogLine } from './log-line.js'
import type { NodePlan } from './node-plan.js'
import { nodeView, sentencesFor } from './node-view.js'

/** Milliseconds for what keeps the process alive though the node has stopped. */
const LAST_BREATH = 1000
/** Milliseconds for a site that others write just now. */
const PATIENCE = 10_000

/** Who speaks at the ports of items that do not speak themselves. */
const MAKERS = new Map([['xmantissa_web_siteconfiguration', webServer]])

/** Runs the node in this process until it is told to end. */
export async function startHere(options: NodePlan, context: CommandContext): Promise<void> {
  const { env } = context
  using site = await openPatiently(context)
  const end = ending()
  using _others = env.interruption.yieldToSignals()
  let reload = (): void => {}
  using _signals = env.lifetime.listen({ stop: end.ask, reload: () => reload() })
  const log = openLog(site, options, context)
  let node: NodeProcess | undefined
  const startIt = async (): Promise<NodeProcess> => {
    try {
      node = await startNode(site, { ...options, log, stop: end.ask }, context)
      return node
    } catch (err) {
      // The log is then that of the node that runs, whom this does not concern.
      if (!(err instanceof NodeRunningError)) log.error({ err }, 'the node could not start')
      throw err
    }
  }
  try {
    const started = await audited(context, site, startIt)
    reload = () => void started.reload().catch((err: unknown) => log.error({ err }, 'the node could not reload'))
    await report(started, options, context)
    log.info({ reason: await end.asked }, 'the node was told to stop')
  } finally {
    await node?.stop()
    if (node !== undefined) log.info({}, 'the node has stopped')
    await log.close()
    env.lifetime.endWithin(LAST_BREATH)
  }
}

/** That nobody reads it any more is no reason to stop. Where standard output is the log, that tells the same. */
async function report({ state }: NodeProcess, { logFile }: NodePlan, context: CommandContext): Promise<void> {
  if (logFile === null) return
  try {
    await context.printer.outcome(nodeView, { ...state, status: 'running', logFile }, ...sentencesFor(state))
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error
  }
}

function ending(): { readonly asked: Promise<string>; readonly ask: (reason: string) => void } {
  let ask: (reason: string) => void = () => {}
  const asked = new Promise<string>(resolve => {
    ask = resolve
  })
  return { asked, ask: reason => ask(reason) }
}

function startNode(
  site: Site,
  options: NodePlan & { readonly log: NodeLog; readonly stop: (reason: string) => void },
  { env }: CommandContext,
): Promise<NodeProcess> {
  return NodeProcess.start(site, {
    log: options.log,
    makers: MAKERS,
    pidFile: options.pidFile,
    logFile: options.logFile,
    admin: parseAdminEndpoint(options.admin ?? DEFAULT_ADMIN_ENDPOINT),
    strict: options.strict === true,
    variables: env.variables,
    onStop: () => options.stop('mantissa stop'),
    ...(options.keepOpen === undefined ? {} : { keptOpen: options.keepOpen }),
  })
}

/** To the file, and for a person who looks on to standard error; or to standard output as it is. */
function openLog(site: Site, options: NodePlan, context: CommandContext): NodeLog {
  const { logFile, logLevel } = options
  return NodeLog.open({
    file: logFile ?? undefined,
    site: site.directory,
    level: LOG_LEVELS.find(each => each === logLevel) ?? 'info',
    echo: logFile === null ? rawLines(context) : context.options.quiet ? undefined : readableLines(context),
  })
}

/** The log as it is, for a supervisor that keeps standard output. */
function rawLines({ env }: CommandContext): Writable {
  return linesTo(line => env.stdout.write(line))
}

function readableLines({ env }: CommandContext): Writable {
  const printable = printableOn(env, env.stderr)
  return linesTo(line => env.stderr.write(`${printable(logLineInWords(parseLogLine(line)))}\n`))
}

/** A line that nobody takes any more is no reason to end. */
function linesTo(write: (line: string) => Promise<void>): Writable {
  return new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) =>
      void write(String(line)).then(
        () => done(),
        () => done(),
      ),
  })
}

/** As patient as a verb is, though the site is opened so that nothing waits long. */
async function openPatiently(context: CommandContext): Promise<Site> {
  const end = performance.now() + PATIENCE
  for (;;) {
    try {
      return await openSiteFor(context, { write: true, busyTimeout: NODE_BUSY_TIMEOUT })
    } catch (error) {
      if (!(error instanceof BusyError) || performance.now() > end) throw error
    }
    await setTimeout(100)
  }
}
