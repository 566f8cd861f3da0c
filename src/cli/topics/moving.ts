import type { Topic } from './topic.js'

export const movingTopic: Topic = {
  name: 'moving',
  summary: 'what a move does, and what to run when one has stopped',
  text: `A move copies the store while its user works, refuses writes for a moment, copies what has changed since, and decides with one entry in the journal of the source. Before that entry the user stays; after it the user has moved.

Whatever stops it, the user is in exactly one of the sites. Look, and let it end:

  mantissa transfer list --open     what is not finished
  mantissa transfer show <id>       where it stands, and what to run
  mantissa transfer resume          complete what is decided, undo the rest
  mantissa transfer abort <id>      decide that the user stays
  mantissa transfer purge           delete old stores, a week after the move

Any verb that writes either site resumes too. Exit code 8 says that a move, or its undoing, waits for the other site, 9 that it was undone. The page docs/moving-users.md has the steps, the refusals and the failures.`,
}
