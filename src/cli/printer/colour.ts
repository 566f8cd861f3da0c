/**
 * Colour repeats what the words say already; nothing is told by colour alone. chalk is loaded only when colour is
 * wanted at all, so a pipe never pays for it.
 */
import type { CliEnv, OutputStream } from '../cli-env.js'

export interface Palette {
  readonly heading: (text: string) => string
  readonly fault: (text: string) => string
  readonly advice: (text: string) => string
}

const plain = (text: string): string => text
const COLOURLESS: Palette = { heading: plain, fault: plain, advice: plain }

/** Whether colour is wanted on that stream: `--no-color`, NO_COLOR, FORCE_COLOR, TERM=dumb, then whether it is a terminal. */
export function wantsColour(env: CliEnv, stream: OutputStream, allowed = true): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env.variables
  if (!allowed || (NO_COLOR !== undefined && NO_COLOR !== '')) return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return stream.isTerminal && TERM !== 'dumb'
}

export async function loadPalette(coloured: boolean): Promise<Palette> {
  if (!coloured) return COLOURLESS
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  return { heading: text => chalk.bold(text), fault: text => chalk.red.bold(text), advice: text => chalk.cyan(text) }
}
