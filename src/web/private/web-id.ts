/**
 * The numbers of items in private URLs: 16 hexadecimal digits, made of the storeID and the private key of the store.
 *
 * Two users' pages never have the same address, and a storeID cannot be read off it, so nobody makes up a link that does
 * something in another person's store. That is all: what may be seen is decided by whose store is asked, never by this.
 * The scheme is the original's (xmantissa/_webidgen.py), bit for bit, so that links that people have kept go on working.
 */
const DIGITS = 16
const PATTERN = /^[0-9a-f]{16}$/

/** The address of an item, by the `privateKey` of the PrivateApplication of its store. */
export function webIDOf(privateKey: bigint, storeID: number): string {
  const key = BigInt.asUintN(64, privateKey)
  const digits = [...(key ^ BigInt(storeID)).toString(16).padStart(DIGITS, '0')]
  for (let place = 0; place < DIGITS / 2; place += 1) swap(digits, key, place)
  return digits.join('')
}

/** The storeID behind an address; undefined for a text that is none and for numbers that no item can have. */
export function storeIDOf(privateKey: bigint, webID: string): number | undefined {
  if (!PATTERN.test(webID)) return undefined
  const key = BigInt.asUintN(64, privateKey)
  const digits = [...webID]
  for (let place = DIGITS / 2 - 1; place >= 0; place -= 1) swap(digits, key, place)
  const storeID = BigInt(`0x${digits.join('')}`) ^ key
  return storeID > 0n && storeID <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(storeID) : undefined
}

/** The byte of the key at `place` names two digits, by its halves; they change places. */
function swap(digits: string[], key: bigint, place: number): void {
  const byte = Number((key >> BigInt(8 * place)) & 0xffn)
  const [one, other] = [byte >> 4, byte & 0xf]
  const kept = digits[one] as string
  digits[one] = digits[other] as string
  digits[other] = kept
}
