import type { Explanations } from './explanation.js'

/** What `mantissa check` can find, where no error has the same code, and how it ends. */
export const CHECK_EXPLANATIONS: Explanations = {
  SITE_UNSOUND: {
    meaning: 'The check has found errors, which it has printed.',
    remedy: 'mantissa check --repair repairs what needs no judgement. For the others mantissa explain says what to do.',
  },
  STORE_DIRECTORY_MISSING: {
    meaning: 'The site names a store whose directory is not there. Nothing is made in its place.',
    remedy:
      'Restore the directory from a backup to the place that the message names. If it is lost, remove the account.',
  },
  LOG_NOT_EMPTIED: {
    meaning:
      'A process has left changes in the log beside db.sqlite, or a transaction that was cut off, and has the store open no more. Nothing is lost: whoever opens the store next reads or undoes it.',
    remedy: 'mantissa check --repair opens the store and closes it again. Never copy db.sqlite without its log.',
  },
  FOREIGN_SCHEMA: {
    meaning:
      'The database holds a trigger, a view, a virtual table or an expression in its tables. No item store has such; it would run whenever somebody writes.',
    remedy: 'Find out who made it. If nobody needs it, remove it with sqlite3 while nothing has the store open.',
  },
  BASE_INDEX_MISSING: {
    meaning: 'The index over the types of objects is missing. Nothing is wrong but that some questions take long.',
    remedy: 'mantissa check --repair makes it.',
  },
  OLD_FORMAT: {
    meaning: 'The store was made by Axiom before 0.8. It can be used as it is; VACUUM would renumber its items.',
    remedy: 'Never run VACUUM on it. mantissa upgrade brings it to the present format.',
  },
  TYPE_WITHOUT_TABLE: {
    meaning: 'The store describes an item type whose table is not there, so the items of the type are lost.',
    remedy: 'Restore the store from a backup, or get the table back from one.',
  },
  TABLE_WITHOUT_TYPE: {
    meaning: 'The database has a table of items that the store does not describe, so nobody sees its rows.',
    remedy: 'Compare with a backup: either the description is lost, or the table is left of something.',
  },
  COLUMNS_DIFFER: {
    meaning: 'The columns of a table of items are not those that the store describes.',
    remedy:
      'Somebody has changed the table by other means. Restore the store from a backup, or put the table right by hand.',
  },
  DUPLICATE_TYPE: {
    meaning:
      'The store describes one version of an item type more than once. The original would use one of them by chance.',
    remedy: 'Restore the store from a backup made before it came to that.',
  },
  INDEX_MISSING: {
    meaning: 'Indexes are missing that the item types ask for. Nothing is wrong but that some questions take long.',
    remedy: 'mantissa check --repair makes them.',
  },
  OLD_VERSIONS: {
    meaning: 'The store holds items of older versions of their types, which are upgraded before they are used.',
    remedy: 'Nothing has to be done. mantissa upgrade upgrades them at once.',
  },
  OBJECT_WITHOUT_ITEM: {
    meaning:
      'StoreIDs are marked as items of a type and have no row. The original leaves them so when it deletes many items at once; they read as deleted.',
    remedy: 'Nothing has to be done. mantissa check --repair marks them as deleted.',
  },
  OBJECT_OF_NO_TYPE: {
    meaning: 'StoreIDs are marked as items of a type that the store does not describe.',
    remedy: 'The description of the type is lost. Restore the store from a backup.',
  },
  ITEM_WITHOUT_OBJECT: {
    meaning: 'Items have a row, and nothing says that their storeIDs are taken: they cannot be loaded by them.',
    remedy: 'mantissa check --repair puts what is missing back.',
  },
  ITEM_UNDER_OTHER_TYPE: {
    meaning: 'Items have a row of one type while their storeIDs are marked as deleted, or as items of another type.',
    remedy: 'Look at the rows, and compare with a backup, to find out which of the two is true.',
  },
  ITEM_IN_TWO_TABLES: {
    meaning: 'One storeID has rows of two types, so it depends on who asks what it is.',
    remedy: 'Look at the rows, and compare with a backup, to find out which of the two is true.',
  },
  CASCADE_LEFT_BEHIND: {
    meaning:
      'Items belong to one that was deleted, and should have been deleted with it. Reading whom they belong to fails.',
    remedy: 'Look at them, and delete them if nobody needs them.',
  },
  POWERUP_TO_NOTHING: {
    meaning:
      'A powerup connector leads to an item that was deleted. It is passed over whenever powerups are looked for.',
    remedy: 'Nothing has to be done. mantissa check --repair removes it.',
  },
  DEPENDENCY_TO_NOTHING: {
    meaning: 'Something is noted as installed, and one of the two items is no longer there.',
    remedy: 'Nothing has to be done. mantissa check --repair removes the note.',
  },
  ACCOUNT_COPY_DIFFERS: {
    meaning:
      "The copy of the account in the user's own store is not what the site has. The site counts; the copy matters to the original when the store is moved.",
    remedy: 'mantissa check --repair writes the copy anew.',
  },
  ACCOUNT_COPY_MISSING: {
    meaning: "The user's own store holds no copy of the account. The original could not move such a store.",
    remedy: 'mantissa check --repair writes the copy.',
  },
  ACCOUNT_COPY_AMBIGUOUS: {
    meaning: "The user's own store holds several accounts, so nothing tells which one it belongs to.",
    remedy: 'Look at them, and delete those that are not the one of the site.',
  },
  METHOD_WITHOUT_ACCOUNT: {
    meaning:
      'A login method of the site belongs to no account. Nobody can log in with it, and its address counts as taken.',
    remedy: 'Find out whose it was. If its account was removed on purpose, delete the item.',
  },
  ACCOUNT_WITHOUT_ADDRESS: {
    meaning: 'An account has no login method, so nobody can log in to it.',
    remedy: 'mantissa users --all lists it with its store. Give it an address, or remove it.',
  },
  ADDRESS_OWNED_TWICE: {
    meaning: 'Two accounts own the same address. The original allows that, and lets chance decide who logs in.',
    remedy: 'Take the address from one of them: mantissa login-method remove.',
  },
  ADDRESS_ALSO_MOVED: {
    meaning: 'An address belongs to an account here, and the site remembers that it has moved to another site.',
    remedy: 'Nothing has to be done while the account here is meant; it is the one that is found.',
  },
  STORE_SHARED: {
    meaning: 'Several accounts stand for one store, which belongs to one person.',
    remedy:
      'Remove those accounts from the site that are not the one in the store, by hand: userdel would remove the store.',
  },
  STORE_UNUSED: {
    meaning: 'The site names a store that neither an account nor an installed offering uses.',
    remedy: 'Look what is in it. An application may have made it for itself; else export it or remove it.',
  },
  ENDOWMENT_WITHOUT_ACCOUNT: {
    meaning: 'The site notes that an account was endowed with an offering, and the account is gone.',
    remedy: 'Nothing has to be done. mantissa check --repair removes the note.',
  },
  OFFERING_WITHOUT_STORE: {
    meaning: 'An offering is installed, and its application store is not known to the site.',
    remedy: 'Restore the site from a backup.',
  },
  STORE_ORPHANED: {
    meaning:
      'A directory looks like a store, and no item of the site names it. Nothing is removed: it may be what is left of a user.',
    remedy: 'Look what is in it, then bring it back with mantissa import-user, or remove the directory.',
  },
  MODE_TOO_OPEN: {
    meaning: 'Others than the owner of the site may look into its directories or files.',
    remedy: 'mantissa check --repair takes their rights away. Leave it if a group is meant to have them.',
  },
  KEY_EXPOSED: {
    meaning: 'Others than the owner of the site may read the private key of its certificate.',
    remedy:
      'mantissa check --repair takes their rights away. Who has read the key has it still: think of making a new one.',
  },
  LINK_LEADS_OUT: {
    meaning:
      'A symbolic link in the place of a directory or file leads out of the site, so that what it leads to was not looked at.',
    remedy: 'Put what it leads to into its place, or remove the link.',
  },
  TEMPORARY_LEFT: {
    meaning: 'Something lies in the temporary directory of the site that nobody works on.',
    remedy:
      "Where the journal says that it is nobody's, mantissa check --repair removes it. Of the rest make sure that no process uses it, and remove it.",
  },
  DEED_UNFINISHED: {
    meaning: 'A command has begun something in two stores and was killed before its end.',
    remedy: 'mantissa check --repair ends it or takes it back, and so does every other verb that changes the site.',
  },
  RESERVATION_WITHOUT_HOLDER: {
    meaning: 'A name is held for something that is not under way, so nobody can have it.',
    remedy: 'mantissa check --repair gives it back.',
  },
  TRANSFER_UNFINISHED: {
    meaning: 'A transfer has neither been completed nor undone, and the process that did it is gone.',
    remedy: 'mantissa transfer resume <id> ends it, in whichever way it was decided.',
  },
  FENCE_LEFT_SEALED: {
    meaning: 'A store refuses writes for a transfer that was taken back since. Its user can read and not write.',
    remedy: 'mantissa check --repair opens it again.',
  },
  FENCE_UNEXPLAINED: {
    meaning:
      'A store refuses writes, and no transfer that this site knows says why. The site may have been restored from a backup that is older than the move.',
    remedy:
      'mantissa check --repair opens it where the site owns it and nothing says that it left. Else find out whether the user lives at another site. Only if not, import the store again: mantissa import-user --restore.',
  },
  MOVED_STORE_KEPT: {
    meaning: 'The old store of a user who has moved to another site is kept for some time.',
    remedy: 'Nothing has to be done. It can be removed when the user is well at the new site.',
  },
  MOVED_STORE_CHANGED: {
    meaning:
      'The old store of a user who has moved was changed afterwards, by a program that does not honour the move. What it wrote is not at the new site.',
    remedy:
      'Stop that program, look what has changed in the directory that the message names, and carry it over by hand.',
  },
  HOOK_MISSING: {
    meaning: 'A store has timed events, and the site does not know that it must look there.',
    remedy: 'mantissa check --repair tells it.',
  },
  HOOK_LATE: {
    meaning:
      'The site looks into a store later than the first of its timed events is due. The original forgets it so when a store moves.',
    remedy: 'mantissa check --repair sets the time right.',
  },
}
