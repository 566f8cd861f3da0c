import type { Explanations } from './explanation.js'

export const SITE_EXPLANATIONS: Explanations = {
  LINKED_PLACE: {
    meaning:
      'A directory of the site is a symbolic link that neither root nor whoever runs mantissa has made. What is made or removed in it would be made or removed wherever the link leads.',
    remedy: 'Run mantissa as the owner of the site, or put a directory in the place of the link.',
  },
  NOT_A_SITE: {
    meaning: 'The directory is the store of one user or of one offering, not a site.',
    remedy: 'Name the directory of the site: the one that holds files/account.',
  },
  SITE_TOO_NEW: {
    meaning: 'A newer version of mantissa has written the administration tables of this site.',
    remedy: 'Use that version.',
  },
  SITE_IS_COPY: {
    meaning: 'The site seems to be a copy of another one that may still be in use. No move was begun.',
    remedy: 'Work on the original, or give the copy an identity of its own as the error says.',
  },
  SITE_GONE: {
    meaning: 'The directory of the site went away while this command had it open: it was moved, or its disk unmounted.',
    remedy: 'Put it back where it was. What has begun is in the journals: mantissa transfer resume ends it.',
  },
  ACCOUNT_MOVING: {
    meaning: 'The account is on its way to another site, so its login data cannot be changed just now.',
    remedy: 'Wait for the end of the move; mantissa transfer list shows it.',
  },
  FENCE_MOVED_ON: {
    meaning:
      'The write fence of the store is not in the state that this step expects: something else has gone on with it.',
    remedy: 'Look at mantissa transfer list, and run the command again.',
  },
  TRANSFER_MOVED_ON: {
    meaning: 'Another command has taken the transfer further, or back. This step changed nothing.',
    remedy: 'Look at mantissa transfer show <id>.',
  },
  TRANSFER_OPEN: {
    meaning: 'A transfer of this account is open already.',
    remedy: 'Let it finish: mantissa transfer list shows it and says what to run.',
  },
  SOME_STORES_FAILED: {
    meaning: 'Some stores of the site were not upgraded, or not wholly. All others are, and stay so.',
    remedy: 'The report of mantissa upgrade gives the code for each. When that is mended, run it again: it goes on.',
  },
  NO_SUCH_TRANSFER: {
    meaning: 'This site knows no transfer of that number.',
    remedy: 'mantissa transfer list shows those it knows. Both sites of a move know it, each by the same number.',
  },
}
