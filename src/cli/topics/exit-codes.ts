import { EXIT_CODES } from '../exit-codes.js'
import type { Topic } from './topic.js'

export const exitCodesTopic: Topic = {
  name: 'exit-codes',
  summary: 'what the exit status tells a script',
  text: [
    'The exit status is a promise: a number is never given another meaning.',
    '',
    ...EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`),
    '',
    'The code of the error (mantissa explain) tells more than its exit status; with --json it is the member error.code of the object on standard error.',
  ].join('\n'),
}
