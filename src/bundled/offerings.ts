/** What ships with the toolkit; found and loaded like the offerings of any package. */
import type { Offering } from '../index.js'
import { mail } from './mail/offering.js'
import { mantissaBase } from './mantissa-base/offering.js'
import { notes } from './notes/offering.js'

export const offerings: readonly Offering[] = [mantissaBase, mail, notes]
