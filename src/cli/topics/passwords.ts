import type { Topic } from './topic.js'

export const passwordsTopic: Topic = {
  name: 'passwords',
  summary: 'how a password is handed over',
  text: `A password never stands in the arguments, where every user of the machine could read it.

On a terminal it is asked for, twice, without being shown. Elsewhere:

  --password-file <path>   the first line of that file
  --password-file -        the first line of standard input
  --generate               one is made and printed once; it is never part of JSON, there it goes to standard error

Only a hash is kept (argon2id, with the parameters of the original software).`,
}
