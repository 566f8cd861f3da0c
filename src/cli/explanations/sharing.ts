import type { Explanations } from './explanation.js'

export const SHARING_EXPLANATIONS: Explanations = {
  NO_SUCH_SHARE: {
    meaning: 'The store shows nothing under that ID to the one who asks. Whether it does to somebody else is not told.',
    remedy: 'mantissa share list shows what is shared, with whom and by which ID.',
  },
  INVALID_SHARE_ID: {
    meaning: 'The text cannot be the ID of a share: it has to be one segment of a URL. Nothing was shared.',
    remedy: 'Use any text without slashes and control characters, of at most 200 bytes, or leave the ID out.',
  },
  SHARE_ID_TAKEN: {
    meaning: 'The store calls another of its items by that ID already. Nothing was shared.',
    remedy: 'Choose another ID, or end the other share first: mantissa share remove <store> <id>.',
  },
  CONFLICTING_NAMES: {
    meaning:
      'Two interfaces under one share ID have a member of one name, so nobody could say which is meant. Nothing was shared.',
    remedy: 'Share the item under two IDs, or let its offering define one interface with the members that are wanted.',
  },
  NOT_SHAREABLE: {
    meaning:
      'The item does not answer for the interface, or the interface would show what nobody may see. Nothing was shared.',
    remedy: 'Name an interface that the offering of the item defines for it; the hint lists them where there are any.',
  },
  NO_SUCH_INTERFACE: {
    meaning: 'No code that is loaded here defines an interface of that name, so nobody knows what it would show.',
    remedy: 'Write the whole dotted name, as the hint has it, and see that the offering of the item is installed.',
  },
  FACET_LEAK: {
    meaning:
      'A shared member of an item gave another item, a query or a store, by which more could be reached than was shared.',
    remedy: 'This is for the author of the offering to correct: the member has to give plain data.',
  },
  NO_PUBLIC_NAME: {
    meaning: 'A share is named to others by an address that its site maintains, and the account of the store has none.',
    remedy: 'Give it one with mantissa login-method add <account> <address> --internal.',
  },
  NO_SUCH_ROLE: {
    meaning: 'The store knows no role by that name. Nothing was changed.',
    remedy: 'mantissa role list shows the roles of a store; mantissa role add-member makes a group.',
  },
  INVALID_ROLE: {
    meaning:
      'The text is neither everyone, authenticated, an address nor a possible name for a group. Nothing was made.',
    remedy: 'Write a person as localpart@domain and a group without "@".',
  },
  INTERFACE_TAKEN: {
    meaning: 'Two offerings define an interface of one name with different members; a share could mean either.',
    remedy: 'This is for the authors to correct: the name of an interface begins with that of its own package.',
  },
}
