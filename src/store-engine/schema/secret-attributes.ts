/**
 * What no description of an item shows: hashes of passwords, keys, and what lets its bearer in. The rule goes by names,
 * since stores hold types whose code nobody has, and versions of types that are older than the code; names that sound
 * like a secret count too.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  login: ['passwordHash', 'password'],
  password_reset_attempt: ['key'],
  persistent_session: ['sessionKey'],
  private_web_application: ['privateKey'],
  ticket: ['nonce'],
  xmantissa_terminal_secureshellconfiguration: ['hostKey'],
  xmantissa_website_apikey: ['apiKey'],
}

const SOUNDS_SECRET = /pass(?:word|wd|phrase)|secret|token|nonce|(?:api|host|private|session|secret)_?key/i

/** What is shown instead of a secret. A secret without a value is shown as having none. */
export const HIDDEN = '(secret)'

export function isSecret(typeName: string, attribute: string): boolean {
  const known = Object.hasOwn(KNOWN, typeName) ? KNOWN[typeName] : undefined
  return known?.includes(attribute) === true || SOUNDS_SECRET.test(attribute)
}
