/** The pages of `mantissa help <topic>`, in the order in which they are listed. */
import { addressesTopic } from './topics/addresses.js'
import { exitCodesTopic } from './topics/exit-codes.js'
import { movingTopic } from './topics/moving.js'
import { outputTopic } from './topics/output.js'
import { passwordsTopic } from './topics/passwords.js'
import { siteTopic } from './topics/site.js'
import type { Topic } from './topics/topic.js'

export const TOPICS: readonly Topic[] = [
  siteTopic,
  addressesTopic,
  passwordsTopic,
  movingTopic,
  outputTopic,
  exitCodesTopic,
]
