import type { Explanations } from './explanation.js'

export const STORE_ENGINE_EXPLANATIONS: Explanations = {
  NOT_A_STORE: {
    meaning: 'The path is not a store: there is no directory, no db.sqlite in it, or that file is no SQLite database.',
    remedy: 'Name the directory that holds db.sqlite. Opening never creates a store; mantissa create-site does.',
  },
  STORE_DAMAGED: {
    meaning:
      'SQLite, or the shape of the base tables, says that the database is damaged or truncated. Nothing was changed.',
    remedy: 'Copy the whole directory away first, then restore a backup, or save rows with sqlite3 db.sqlite .recover.',
  },
  STORE_BUSY: {
    meaning: 'Another process holds the store, and did not let go of it within the time that was waited.',
    remedy: 'Try again when it has finished. The error names the process where the system tells.',
  },
  STORE_SEALED: {
    meaning: 'The store is being moved to another site, or was moved. It can be read; nothing was written.',
    remedy: 'mantissa transfer list shows the move.',
  },
  STORE_MOVED: {
    meaning:
      'The store was moved, or another was put in its place, just as it or a file of it was opened. Nothing was written.',
    remedy: 'Try again. mantissa transfer list shows where the user went.',
  },
  STORE_READ_ONLY: {
    meaning: 'The store cannot be written by this user, or lies on a read-only file system. Nothing was written.',
    remedy: 'Run it as the owner of the site, or check the permissions of the directory and of db.sqlite.',
  },
  STORE_UNREADABLE: {
    meaning: 'The operating system refused to open, read or write files of the store. What was under way was undone.',
    remedy: 'Check the permissions of the directory and of everything in it, and the state of the disk.',
  },
  DISK_FULL: {
    meaning: 'The disk below the store is full, or a quota is reached. The transaction was rolled back.',
    remedy: 'Free some space and run the same command again.',
  },
  IMAGE_DIFFERS: {
    meaning: 'The image of a database is not what was written into it a moment before. It was not admitted.',
    remedy: 'Run the same command again. If it happens again, look into the state of the disk.',
  },
  STORE_TOO_NEW: {
    meaning: 'The store holds a newer version of an item type than this program knows. It was not opened.',
    remedy: 'Use the newer version of the software that wrote it.',
  },
  SCHEMA_MISMATCH: {
    meaning:
      'The columns of an item type on the disk are not those of the code, although both have the same version number.',
    remedy: 'An offering changed its type without raising the version: ask its author for a version with an upgrader.',
  },
  UNKNOWN_ITEM_TYPE: {
    meaning:
      'An item of a type whose code is not loaded was asked for as an object. Its rows are safe and can be listed.',
    remedy: 'Install the offering that defines the type.',
  },
  ITEM_TYPE_TAKEN: {
    meaning: 'Two pieces of code define the same item type.',
    remedy: 'Look for an offering that is loaded twice, from two sources.',
  },
  UPGRADE_REQUIRED: {
    meaning:
      'Items must be brought to a newer version before they can be read, and the store was opened for reading only.',
    remedy: 'Run mantissa upgrade once. Verbs that change a store upgrade what they touch.',
  },
  NO_UPGRADE_PATH: {
    meaning:
      'Items of an old version lie in the store, and no upgrader leads from it to the current one. The error names every step that is missing. Only who asks for items of that type is stopped.',
    remedy:
      'Install a version of the offering that has the upgraders, or open the store first with a version in between.',
  },
  ITEM_UPGRADE: {
    meaning:
      'The code that brings an item to its current version failed. What it did was rolled back; the item keeps its old version, and all others are upgraded.',
    remedy:
      'The error names item, type and versions: report it to the author of the offering, with the output of --debug.',
  },
  UPGRADER_RECURSION: {
    meaning:
      'The code that upgrades an item asked for the item itself, directly or through others. Nothing was changed.',
    remedy: 'Report it to the author of the offering: an upgrader may use the number of such an item, not the item.',
  },
  ITEM_NOT_FOUND: {
    meaning: 'No item has this storeID, or its item was deleted.',
    remedy: 'List the items of that type to see which there are.',
  },
  ITEM_GONE: {
    meaning: 'The item was deleted, or was created in a transaction that was rolled back.',
    remedy: 'Run it again. Met again, it is a bug in the code that uses the store.',
  },
  DUPLICATE_UNIQUE_ITEM: {
    meaning: 'Several items match where exactly one was asked for.',
    remedy: 'Look at the items of that type in the store; one of them should not be there.',
  },
  DELETION_DISALLOWED: {
    meaning: 'Other items refer to this one, and their type forbids its deletion. Nothing was deleted.',
    remedy: 'Remove the items that refer to it first.',
  },
  UNSATISFIED_REQUIREMENT: {
    meaning: 'An item needs something of the site that its store belongs to, and nothing there provides it.',
    remedy: 'Install the offering that provides it on the site; a store that was opened on its own has no site.',
  },
  DEPENDENCY: {
    meaning: 'An item depends on another one, which forbids installing or uninstalling it. Nothing was changed.',
    remedy: 'Uninstall what depends on it first.',
  },
  BROKEN_REFERENCE: {
    meaning: 'An item refers to another one that is no longer there.',
    remedy: 'Some code deleted it without clearing the references. Report it to the author of the offering.',
  },
  CROSS_STORE_REFERENCE: {
    meaning: 'A reference would have reached into another store. Nothing was set.',
    remedy: 'Items of different stores touch each other by messages only.',
  },
  CONSTRAINT: {
    meaning: 'A value does not fit its attribute. The item keeps the value that it had.',
    remedy: 'The error names the attribute and what it takes.',
  },
  UNSAFE_INTEGER: {
    meaning: 'A stored integer is too large to be a number here without losing digits.',
    remedy: 'The item type should declare that attribute as a big integer.',
  },
  INVALID_PATH: {
    meaning: 'A path or file name leads out of the files directory of its store.',
    remedy: 'Use a path below files/.',
  },
  HOSTILE_PATH: {
    meaning: 'A path that is recorded in a store leads out of the store. It was not followed.',
    remedy: 'Do not trust a store that somebody gave you with such a path.',
  },
  PATH_TAKEN: {
    meaning: 'A store was to be made where something is already. It was left as it is.',
    remedy: 'Choose another path, or move away what is there.',
  },
  NO_FILES_AREA: {
    meaning: 'A store in memory has no directory, so it cannot hold files.',
    remedy: 'Use a store on the disk.',
  },
  SQL_MISTAKE: {
    meaning: 'SQLite does not understand a statement that was typed, or knows no such table, column or function.',
    remedy:
      'Nothing was changed. The message is from SQLite; mantissa items lists the types, and sqlite_master the tables.',
  },
  SQL_REFUSED: {
    meaning:
      'A statement that was typed would change a store that is open for reading, end the transaction, or reach beyond the store.',
    remedy: 'Nothing was changed. Give --write to change the store; other files and settings are out of reach here.',
  },
  SQL_CONSTRAINT: {
    meaning: 'A statement that was typed would break a constraint of a table, such as a key that is there already.',
    remedy: 'Nothing was changed. The message names the table and the column.',
  },
  NO_SUCH_TYPE: {
    meaning: 'The store holds no item type of that name, or not in that version.',
    remedy: 'mantissa items lists the types and versions that it holds.',
  },
  UNSAFE_STORE_ID: {
    meaning:
      'The store holds an item whose number is larger than a number can be here. No store that was written regularly has one.',
    remedy: 'Look where the store comes from; rows like that can be read with sqlite3 only.',
  },
}
