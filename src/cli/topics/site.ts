import type { Topic } from './topic.js'

export const siteTopic: Topic = {
  name: 'site',
  summary: 'which site a verb works on, and what a site is on the disk',
  text: `A site is a directory, by custom named <name>.axiom. It holds the site store, and below it one store for every user and for every installed offering:

  db.sqlite                                    the site store
  files/account/<domain>/<localpart>.axiom/    a user store
  files/app/<offering>.axiom/                  the store of an offering
  run/  temp/                                  what a running node and unfinished work need

A verb works on the site that --site <dir> (or -d, or --dbdir) names, else on the one in MANTISSA_SITE, else on the only *.axiom store in the current directory. Only create-site and the importing verbs ever create a store.

Copy a site only with the node stopped. A copy knows that it is one: moving users out of it or into it is refused until it has been given an identity of its own.`,
}
