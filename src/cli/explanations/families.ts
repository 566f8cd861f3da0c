import type { Explanations } from './explanation.js'

/** The codes of the families themselves, for errors that have no closer one. */
export const FAMILY_EXPLANATIONS: Explanations = {
  INVALID_INPUT: {
    meaning: 'Something that was typed or passed cannot be meant. Nothing was attempted.',
    remedy: 'The error names the value; the help of the verb says what it takes.',
  },
  NOT_FOUND: {
    meaning: 'The thing that was named does not exist. Nothing was created in its place.',
    remedy: 'Look for misspellings; the lists (users, offering list, transfer list) show what exists.',
  },
  CONFLICT: {
    meaning: 'The name is taken, or the thing belongs to somebody else. What exists was left as it is.',
    remedy: 'Choose another name, or remove what is there first.',
  },
  DENIED: {
    meaning: 'The credentials are wrong, or a right is missing. Nothing was changed.',
    remedy: 'Run it as the owner of the site, or check the password.',
  },
  INTEGRITY: {
    meaning: 'Bytes that should mean something do not: a damaged store, a malformed archive, a failed verification.',
    remedy:
      'Nothing was changed. Take a copy of the directory before anything else, then look at the details with --json.',
  },
  BUSY: {
    meaning: 'Somebody else holds what is needed just now.',
    remedy: 'Try again; the error names the holder where it can be known.',
  },
  UNAVAILABLE: {
    meaning: 'Something that is needed cannot be reached or is used up: a disk, a node, a terminal.',
    remedy: 'Make it available and run the same command again.',
  },
  PENDING: {
    meaning: 'A deed of several steps has begun and is neither done nor undone.',
    remedy: 'The error says what it waits for; mantissa transfer list shows open transfers.',
  },
  ROLLED_BACK: {
    meaning: 'A deed failed and was undone. The error names the state that holds again.',
    remedy: 'Remove the cause that the error names and run the same command again.',
  },
  PARTIAL: {
    meaning: 'Some of many failed. The others are done and stay done.',
    remedy: 'The report names each failure. Run the same command again: what is done already is skipped.',
  },
  UNEXPECTED: {
    meaning: 'A failure that nobody foresaw: a bug in mantissa, or a machine in trouble.',
    remedy: 'Run the command again with --debug and report what it prints.',
  },
  INTERRUPTED: {
    meaning: 'Ctrl-C ended the command.',
    remedy: 'What was done in steps can be resumed: run the same command again.',
  },
}
