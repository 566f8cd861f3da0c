import type { Explanations } from './explanation.js'

export const ACCOUNTS_EXPLANATIONS: Explanations = {
  ADDRESS_TAKEN: {
    meaning:
      'The address belongs to an account already, perhaps in another letter case, or as one of its other addresses. Disabled accounts count.',
    remedy: 'Choose another address, or look at its owner with mantissa user <address>.',
  },
  ADDRESS_RESERVED: {
    meaning: 'The address is being given to an account, or moved here, at this moment.',
    remedy: 'Try again in a moment; mantissa transfer list shows the moves that are going on.',
  },
  ADDRESS_MOVED: {
    meaning: 'The account of that name has moved to another site, and its name is kept for it.',
    remedy: 'Give --reuse-name to hand the name to somebody new.',
  },
  NO_SUCH_USER: {
    meaning: 'No account of this site has that address.',
    remedy: 'mantissa users lists them all; the error names those that look alike.',
  },
  MOVED: {
    meaning:
      'The account was here and has moved to another site: the last one that can be found by going from site to site.',
    remedy: 'Run the command on the site that the error names. mantissa users --moved lists everybody who has left.',
  },
  NO_LOGIN_SYSTEM: {
    meaning: 'The store has no login system, so it cannot have accounts.',
    remedy: 'Make sites with mantissa create-site, or add a login system to this store with mantissa userbase install.',
  },
  STORE_HAS_ACCOUNT: {
    meaning: 'A store that should get an account has one already.',
    remedy: 'Bring it in together with its own account: mantissa import-user.',
  },
  NO_ACCOUNT_IN_STORE: {
    meaning: 'The store of a user should hold exactly one account, and holds none or several.',
    remedy: 'Only the store of a user can be used here: not a site, and not the store of an offering.',
  },
  UNAUTHORIZED_LOGIN: {
    meaning: 'The address or the password is wrong, or the account is disabled.',
    remedy: 'Check both. mantissa user <address> tells an administrator whether the account is disabled.',
  },
  LOGIN_NO_SUCH_USER: {
    meaning: 'A login failed because the account does not exist, is disabled, has moved, or has no password.',
    remedy: 'mantissa user <address> tells which. Whoever tries to log in is told only that it failed.',
  },
  LOGIN_BAD_CREDENTIALS: {
    meaning: 'A login failed because the password is wrong.',
    remedy: 'Try again, or set a new one with mantissa passwd <address>.',
  },
  LOGIN_MISSING_DOMAIN: {
    meaning: 'A login failed because the name has no "@".',
    remedy: 'Log in with the whole address.',
  },
  LOGIN_QUEUE_FULL: {
    meaning: 'Too many logins wait for their turn. The password was not looked at.',
    remedy: 'Try again in a few seconds.',
  },
  EMPTY_PASSWORD: {
    meaning: 'The password is empty.',
    remedy: 'Choose one, or let one be made with --generate.',
  },
  LAST_LOGIN_METHOD: {
    meaning: 'It is the only address of the account, which could not log in without it.',
    remedy: 'Add another one first with mantissa login-method add, or remove the account with mantissa userdel.',
  },
  NO_SUCH_LOGIN_METHOD: {
    meaning: 'The account has no such address.',
    remedy: 'mantissa login-method list <address> shows those it has.',
  },
  LOGIN_METHOD_DIFFERS: {
    meaning: 'The account has that address already, with other properties than those asked for.',
    remedy: 'Remove it and add it again.',
  },
  USER_STORE_BEHIND: {
    meaning:
      'The change is in force on the site, but the copy of it in the store of the user could not be written yet.',
    remedy:
      'Nothing must be done by hand: the next changing verb on the site writes the copy when the store can be written.',
  },
  ACCOUNT_LIST: {
    meaning: 'A list of accounts to create cannot be read: its header, or one of its lines.',
    remedy:
      'The first line of a CSV names the columns; in JSON lines each line is one object. See mantissa useradd --help.',
  },
  ACCOUNT_LIST_MISSING: {
    meaning: 'The file with the accounts to create is not there, or is a directory.',
    remedy: 'Check the path. A list can also come from standard input, with --from - in place of a path.',
  },
  SOME_ACCOUNTS_FAILED: {
    meaning: 'Some lines of a list were not created; the others are and stay.',
    remedy: 'The report names each line that failed. Correct them and give the same list again.',
  },
  LOGIN_SYSTEM_INSTALLED: {
    meaning: 'The store has a login system already. It was left as it is.',
    remedy: 'Go on and create accounts with mantissa useradd.',
  },
  APPLICATION_ACCOUNT: {
    meaning: 'The account belongs to the application store of an offering. It was left as it is.',
    remedy: 'Only accounts of people can be removed. mantissa users lists them.',
  },
}
