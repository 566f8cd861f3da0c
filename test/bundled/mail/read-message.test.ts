import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readField } from '../../../src/bundled/mail/header-fields.js'
import { readMessage } from '../../../src/bundled/mail/read-message.js'
import { ReadingLine } from '../../../src/bundled/mail/reading-line.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

function read(...lines: readonly string[]) {
  const file = join(temporaryDirectory(), 'message.eml')
  writeFileSync(file, lines.join('\r\n'))
  return readMessage(file)
}

describe('a message', () => {
  it('is shown by its plain text, whatever it is written in, with what is attached', async () => {
    const message = await read(
      'Content-Type: multipart/mixed; boundary=q',
      '',
      '--q',
      'Content-Type: multipart/alternative; boundary=r',
      '',
      ...['--r', 'Content-Type: text/html', '', '<b>not this</b>'],
      ...['--r', 'Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable', ''],
      ...['gr=FC=DFe', '--r--'],
      ...['--q', 'Content-Type: application/pdf', 'Content-Transfer-Encoding: base64'],
      ...['Content-Disposition: attachment; filename="a\u202efdp.exe"', '', 'QUJD', '--q--', ''],
    )
    expect(message.text.trim()).toBe('grüße')
    expect(message.attachments).toEqual([{ name: 'a fdp.exe', type: 'application/pdf', bytes: 3 }])
    expect(message).toMatchObject({ isSource: false, isCut: false })
  })

  it('of HTML alone becomes text', async () => {
    const message = await read('Content-Type: text/html', '', '<script>alert(1)</script><p>Hello <b>you</b></p>')
    expect(message).toMatchObject({ text: 'Hello you', isSource: false })
  })

  it.each([
    ['parts within parts', 'Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n'.repeat(2000)],
    ['too many parts', `Content-Type: multipart/mixed; boundary=q\r\n\r\n${'--q\r\n\r\nx\r\n'.repeat(2000)}`],
    ['markup without words', `Content-Type: text/html\r\n\r\n${'<div>'.repeat(50_000)}`],
  ])('with %s is shown as it came', async (_what, content) => {
    const message = await read(content)
    expect(message).toMatchObject({ isSource: true, attachments: [] })
    expect(message.text).toContain('Content-Type')
    expect(message.text.length).toBeLessThanOrEqual(50_000)
  })

  it('that is long is cut', async () => {
    const message = await read('Subject: x', '', ...Array<string>(10_000).fill('y'.repeat(70)))
    expect(message).toMatchObject({ isCut: true, isSource: false })
    expect(message.text.length).toBeLessThanOrEqual(200_000)
  })
})

it('messages are read one after the other, and nobody asks for many at once', async () => {
  const line = new ReadingLine()
  const done: string[] = []
  let under = 0
  const read = (name: string) => async () => {
    under += 1
    await new Promise(setImmediate)
    done.push(`${name} ${under}`)
    under -= 1
    if (name === 'a1') throw new Error('gone')
  }
  const asked = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1'].map(name => line.inTurn(name.slice(0, 1), read(name)))
  const ends = await Promise.allSettled(asked)
  expect(ends.map(({ status }) => status === 'fulfilled')).toEqual([false, true, true, true, false, true])
  expect(ends[4]).toMatchObject({ reason: { code: 'BUSY' } })
  expect(done).toEqual(['a1 1', 'a2 1', 'a3 1', 'a4 1', 'b1 1'])
  await line.inTurn('a', read('a6'))
  expect(done).toContain('a6 1')
})

describe('a header field', () => {
  it.each([
    ['Subject: plain', 'plain'],
    ['X: y\r\nSUBJECT:  folded\r\n over lines', 'folded over lines'],
    ['Subject: =?utf-8?Q?gr=C3=BC=C3=9Fe_?= =?UTF-8?B?YW4gYWxsZQ==?= !', 'grüße an alle !'],
    ['Subject: =?utf-8?B?4pg=?= =?utf-8?B?gw==?=', '☃'],
    ['Subject: =?iso-8859-15?Q?5_=A4?=', '5 €'],
    ['Subject: =?nonsense?Q?a=41?=', 'aA'],
    ['Subject: grüße', 'grüße'],
    ['Subject: a\u0000b\u001b[31mc\u202ed', 'a b [31mc d'],
    ['Subject: one\r\nSubject: two', 'one'],
    ['', ''],
  ])('%j is read as %j', (head, value) => {
    expect(readField(Buffer.from(head), 'Subject')).toBe(value)
  })

  it('that is no UTF-8 is read as bytes, and a long one is cut', () => {
    expect(readField(Buffer.from('Subject: gr\xfc\xdfe', 'latin1'), 'subject')).toBe('grüße')
    expect(readField(Buffer.from(`Subject: ${'🙂'.repeat(1000)}`), 'subject').length).toBeLessThanOrEqual(500)
  })
})
