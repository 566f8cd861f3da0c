/** Messages whose every byte a seed decides: short and long, with dots where they hurt, now and then without a body. */

const WORDS = ['.', '..', '.dot', 'Grüße', 'plain', '=3D', 'From the', '', 'x'.repeat(70), '\t tab', '--q--', '🙂']

/** The message of a number, to one to three of the users. */
export function makeMessage(random, { number, users }) {
  const to = [...users].sort(() => random.below(3) - 1).slice(0, 1 + random.below(3))
  const lines = Array.from({ length: random.below(10) === 0 ? random.below(3000) : random.below(40) }, () =>
    Array.from({ length: random.below(6) }, () => random.pick(WORDS)).join(' '),
  )
  const id = `<${number}.${random.below(2 ** 31)}@elsewhere.example>`
  const head = ['From: friend@elsewhere.example', `Message-ID: ${id}`, `Subject: ${number}`]
  const raw = Buffer.from([...head, '', ...lines, ''].join('\r\n'))
  return { number, id, to, from: `sender${random.below(5)}@elsewhere.example`, raw }
}
