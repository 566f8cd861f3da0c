import type { Explanations } from './explanation.js'

export const COMMAND_LINE_EXPLANATIONS: Explanations = {
  USAGE: {
    meaning: 'The command line does not fit the verb: an unknown verb or option, or a missing or superfluous operand.',
    remedy: 'mantissa <verb> --help shows what it takes, with examples.',
  },
  SECRET_IN_ARGUMENTS: {
    meaning: 'A secret stood in the arguments, where every user of the machine can read it in the list of processes.',
    remedy:
      'Use --password-file <path>, "--password-file -" for standard input, or leave it out to be asked. Change the password if it was a real one.',
  },
  PASSWORD_FILE: {
    meaning: 'The file that should hold the password cannot be read.',
    remedy: 'Check the path and who may read it.',
  },
  INPUT_NEEDED: {
    meaning: 'A question would have to be asked, but there is no terminal, or --no-input forbids it.',
    remedy: 'Give the option that the error names; it answers the question.',
  },
  NOT_CONFIRMED: {
    meaning:
      'The question before an act that may lose data was not answered with yes, or the name typed back was another.',
    remedy: 'Nothing was changed. Run it again and confirm, or give --yes or --confirm <name>.',
  },
  NO_SITE: {
    meaning: 'No site was named, and the current directory holds none.',
    remedy:
      'Name it with --site <dir> or MANTISSA_SITE, change into the directory that holds it, or make one with mantissa create-site <dir>.',
  },
  WHICH_SITE: {
    meaning: 'The current directory holds several *.axiom stores, and none was named.',
    remedy: 'Name the one you mean with --site <dir>.',
  },
  OUTPUT_FAILED: {
    meaning:
      'The result could not be written to standard output or standard error, for example because the disk is full.',
    remedy: 'Make room or write elsewhere. What the verb changed may be done: look before you run it again.',
  },
  NO_ROOM: {
    meaning: 'The disk that a command wrote to, beside the stores, is full, or a quota is reached.',
    remedy: 'Make room or write elsewhere, and run the command again. A file that is not whole was not left behind.',
  },
  FILE_DENIED: {
    meaning: 'The operating system does not let this user read or write that file or directory.',
    remedy: 'Check its permissions and those of the directories above, or run the command as the owner of the site.',
  },
  TOO_LONG_TO_PRINT: {
    meaning:
      'A value of a store has more than some hundreds of MiB when it is written out. What was before it was printed.',
    remedy: 'Ask for a part of it with substr() in mantissa sql, or leave its column out.',
  },
  FILE_FAILED: {
    meaning: 'The operating system could not read or write a file: a failing disk, or too many open files.',
    remedy: 'Look into the log of the system, then run the command again.',
  },
  CODE_FAILED: {
    meaning: 'The code that was given to browse has thrown an error of its own.',
    remedy: 'Nothing was changed by it. mantissa browse --help tells what there is to work with.',
  },
  DEMO_FAILED: {
    meaning: 'A step of the demo did not end as it should. The demo stopped there and left its directory as it is.',
    remedy: 'The error of the step itself is printed above. Report it with the output of the whole demo.',
  },
}
