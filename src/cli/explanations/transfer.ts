import type { Explanations } from './explanation.js'

export const TRANSFER_EXPLANATIONS: Explanations = {
  NOT_AN_ARCHIVE: {
    meaning: 'The file is no archive of a user: it is of another kind, or was made by another program.',
    remedy: 'Check the path. Archives are made by mantissa export-user.',
  },
  ARCHIVE_TRUNCATED: {
    meaning: 'The archive ends before its contents do. Nothing was created in the site.',
    remedy: 'Copy it or export it again: it was cut off on the way.',
  },
  ARCHIVE_DAMAGED: {
    meaning: 'Bytes of the archive were changed since it was made, so that it cannot be read to its end.',
    remedy: 'Copy it or export it again. An archive is never repaired.',
  },
  ARCHIVE_TOO_LARGE: {
    meaning: 'The archive unpacks to more than its manifest announces, or announces more than any manifest holds.',
    remedy: 'Do not import it: it may be meant to fill the disk or the memory. Ask where it comes from.',
  },
  ARCHIVE_TOO_NEW: {
    meaning: 'The archive was written by a newer version of its format.',
    remedy: 'Import it with a newer mantissa.',
  },
  ARCHIVE_UNSAFE_ENTRY: {
    meaning: 'The archive holds an entry that no export makes: a link, a device, a name that leads outside.',
    remedy: 'Do not import it. Ask where it comes from.',
  },
  ARCHIVE_ENTRY_UNLISTED: {
    meaning: 'The archive holds an entry that its manifest does not list: it was added after the archive was made.',
    remedy: 'Do not import it. Ask where it comes from, or have the user exported again.',
  },
  ARCHIVE_ENTRY_TWICE: {
    meaning: 'The archive holds an entry twice, so that the later could replace the earlier.',
    remedy: 'Do not import it. Ask where it comes from, or have the user exported again.',
  },
  ARCHIVE_ENTRY_MISPLACED: {
    meaning: 'An entry of the archive comes before the directory that it lies in: it was packed by another program.',
    remedy: 'Have the user exported again.',
  },
  ARCHIVE_MANIFEST_INVALID: {
    meaning: 'The manifest of the archive is not JSON, lacks something, or contradicts itself. The error names what.',
    remedy: 'Export the user again. An archive is never repaired.',
  },
  ARCHIVE_MANIFEST_FALSE: {
    meaning: 'The database arrived as announced, and the manifest says other things of it than are in it.',
    remedy: 'Do not import it: the manifest was made for another store, or made up. Ask where it comes from.',
  },
  STORE_IDENTITY_INVALID: {
    meaning: 'The identity that the archive or directory claims cannot be: no UUID, or numbers that nobody reaches.',
    remedy: 'Export the user again. Ask where it comes from.',
  },
  STORE_IS_A_SITE: {
    meaning:
      'The archive or directory is the store of a whole site, with a login system of its own, and not of a user.',
    remedy: 'Name the directory of one of its users, below files/account, or move them with mantissa transfer-user.',
  },
  STORE_WITHOUT_ADDRESS: {
    meaning:
      'The archive or directory holds neither a user nor the application store of an offering: nobody has an address there, or the store is called like an application, and nothing says of which offering it is.',
    remedy: 'Check the path. A user without an address can be taken in under one with --as.',
  },
  STORE_WITH_TOO_MANY_ADDRESSES: {
    meaning: 'The user in the archive or directory has more addresses than anybody has.',
    remedy: 'Ask where it comes from. Addresses that nobody uses can be removed before it is exported.',
  },
  STORE_CHANGING_HANDS: {
    meaning: 'The directory is a store that was moved away, or is being moved: it has, or will have, another owner.',
    remedy: 'Finish the move where it was begun. Only when the original is lost for good, add --restore.',
  },
  VERIFICATION_FAILED: {
    meaning: 'What arrived is not what was sent, byte for byte. Nothing was admitted.',
    remedy: 'Check the disk and the archive, then try again.',
  },
  FILE_NOT_MOVABLE: {
    meaning:
      'Below files/ of the store lies something that cannot travel: a link, a device, a socket, a name that is not UTF-8.',
    remedy: 'Replace it by a regular file, or remove it, then try again.',
  },
  STORE_IN_USE: {
    meaning: 'A process that would not notice the move has the store open, such as a server of the original software.',
    remedy: 'Stop that process. Give --assume-stopped only when you know that it does not write.',
  },
  TRANSFER_PENDING: {
    meaning: 'The transfer is decided, but the other site could not be reached to finish it. Nothing is lost.',
    remedy: 'Run mantissa transfer resume <id> when both sites can be reached.',
  },
  TRANSFER_ROLLED_BACK: {
    meaning: 'The transfer failed before its point of no return and was undone: the user is where they were.',
    remedy: 'Remove the cause that the error names and transfer again.',
  },
  APP_STORE_NOT_MOVABLE: {
    meaning:
      'The application store cannot change its site: it is that of mantissa-base, which every site has of its own, or no offering, or more than one, is installed for it.',
    remedy: 'mantissa offering list --installed shows what is; mantissa check finds what does not fit together.',
  },
  APP_STORE_NEEDS_CODE: {
    meaning:
      'The application store of an offering comes with its offering, whose code alone knows what it requires of a site. The site that should take it in has not got that code. Nothing was changed.',
    remedy:
      'Say where the package is with mantissa offering add-source <dir> on that site, or install it beside mantissa with npm.',
  },
  APP_STORE_NEEDS_ARCHIVE: {
    meaning:
      'What a site holds for the application store of an offering travels with it, and the directory form has no place for that.',
    remedy: 'Export it to an archive.',
  },
  APP_STORE_NOT_RENAMABLE: {
    meaning: 'An application store is called like its offering, and a site has one of each. Nothing was changed.',
    remedy: 'Leave --as out, and import it where the offering is not installed.',
  },
  OFFERING_REQUIRED: {
    meaning:
      'Another offering that is installed on the site declares that it uses the application store that should leave. Nothing was changed.',
    remedy: 'Let that one leave first, or export a copy and leave both here.',
  },
  URL_PREFIX_TAKEN: {
    meaning: 'The pages of the application would be where those of another are on that site. Nothing was changed.',
    remedy: 'Find out with mantissa offering list --installed which one it is; one of the two has to stay away.',
  },
  NO_USER_STORE: {
    meaning: 'The account has no store on the disk.',
    remedy: 'Restore the directory from a backup, or remove the account.',
  },
  USER_STORE_LOST: {
    meaning: 'The account exists, but the directory of its store is gone, or its database cannot be read.',
    remedy:
      'Restore the directory from a backup. Where there is none, mantissa userdel --purge removes the account, so that an older archive can be imported.',
  },
  NO_SPACE: {
    meaning: 'The disk has not enough room for the copy. Nothing was changed.',
    remedy: 'Free some space and run the same command again.',
  },
  OFFERINGS_MISSING: {
    meaning: 'The user has parts of offerings that the other site does not have.',
    remedy: 'Install them there first with mantissa offering install, or give the option that the error names.',
  },
  STORE_MISSING: {
    meaning: 'The directory of a store that a transfer works on is not where it was.',
    remedy: 'Bring it back to where the error says and run mantissa transfer resume <id>.',
  },
  ARCHIVE_OUTDATED: {
    meaning: 'The archive is of a store that has changed hands since it was made, as the journal of this site shows.',
    remedy: 'Import a copy with --as, or add --restore when the later store is lost for good.',
  },
  STORE_IS_HERE: {
    meaning:
      'The archive is a copy of a store that lives on this site. Under its own identity it would have two owners.',
    remedy: 'Import it under another name with --as, or remove that user first.',
  },
  TRANSFER_ABORTED: {
    meaning:
      'Somebody else has decided that the user stays: an administrator with transfer abort, or a command that met the move standing still for longer than its freeze limit. The process that moved the user has changed nothing since.',
    remedy: 'Look where the user is with mantissa user <address>, and transfer again if they should move.',
  },
  ACCOUNT_CHANGED: {
    meaning: 'The user has left the site, or has come back into another account, since the move was planned.',
    remedy: 'Look where they are with mantissa user <address>, and run the command again.',
  },
  TRANSFER_NOT_CONFIRMED: {
    meaning:
      'The transfer has no old store that may be deleted here: it was undone, or nobody has noted yet that its user was found whole elsewhere.',
    remedy: 'mantissa transfer show <id> says where it stands; mantissa transfer resume <id> ends it.',
  },
  MOVED_STORE_TOO_YOUNG: {
    meaning: 'The user has not been elsewhere for as long as --older-than asks. Nothing was deleted.',
    remedy: 'Wait, give a shorter time, or leave out --older-than.',
  },
  TRANSFER_COMMITTED: {
    meaning: 'The transfer is past its point of no return, so it cannot be undone any more.',
    remedy: 'Let it finish with mantissa transfer resume <id>; a user can be moved back by another transfer.',
  },
  SAME_SITE: {
    meaning: 'The site to move to is the one that the user is in, or one of the two is a copy of the other.',
    remedy: 'Name another site with --to. Of a site and its copy only one may move users.',
  },
  NESTED_SITES: {
    meaning: 'One of the two sites lies inside the other, so that the files of one are those of the other.',
    remedy: 'Put the sites beside each other.',
  },
  SPLIT_FILE_SYSTEM: {
    meaning:
      'The temp/ and files/ of a site are on different file systems, so that no store can be renamed into place.',
    remedy: 'Mount both on one file system.',
  },
  NO_TARGET_SITE: {
    meaning: 'There is no site in the directory that the user should move to. A move never creates one.',
    remedy: 'Make it first with mantissa create-site <dir>, or correct the path.',
  },
  EXPORT_INCOMPLETE: {
    meaning:
      'The user has left the site with an export to standard output, and its reader went away before the end. The old store is kept.',
    remedy: 'Take the user in again with the command that the error names.',
  },
  INVALID_GLOB: {
    meaning: 'A pattern of addresses has no "@". Application stores, which have none in their names, match no pattern.',
    remedy: "Write it like '*@example.com', in quotes, or give --all. An application store is named as it is.",
  },
  NOBODY_MATCHES: {
    meaning:
      'A pattern of addresses matches no account here, and nobody who has moved to the target. Nobody was moved.',
    remedy: 'mantissa users lists the accounts. "*" is any text, "?" one character, neither of them across the "@".',
  },
  USER_LIST: {
    meaning:
      'A list of users to move has lines that cannot be addresses. It is read to its end before anything is done.',
    remedy: 'Correct the lines that the details name: one address a line, remarks after "#".',
  },
  USER_LIST_MISSING: {
    meaning: 'The file with the users to move is not there, or is a directory.',
    remedy: 'Check the path. A list can also come from standard input, with --from - in place of a path.',
  },
}
