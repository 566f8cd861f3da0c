import type { Topic } from './topic.js'

export const addressesTopic: Topic = {
  name: 'addresses',
  summary: 'how accounts are named',
  text: `An account is named by an address, localpart@domain. It may have several; each belongs to one account only, and disabled accounts keep theirs.

Letters A to Z are the same in both cases; everything else is compared as it is, after Unicode normalisation (NFC). An address is printed as it was first written.

A new address may not hold slashes, spaces, control characters or a second "@", nor begin a part with a dot. The localpart has at most 200 bytes, the address 254. What an older site holds already can be listed, moved and removed whatever its name.

Where many accounts are meant at a time, as with transfer-user, a pattern may stand for them: "*" is any text and "?" one character, neither of them across the "@". Quote it, so that the shell leaves it alone.

An address that has moved to another site keeps its name here: whoever asks for it is told where it went, and mantissa users --moved lists them all.`,
}
