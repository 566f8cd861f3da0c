import { describe, expect, it } from 'vitest'
import { html, safeUrl } from '../../src/base/html.js'

describe('html', () => {
  it('escapes every value that is not HTML, in content and attributes', () => {
    const evil = `<script>alert("x" + 'y')</script> & co`
    const escaped = '&lt;script&gt;alert(&quot;x&quot; + &#39;y&#39;)&lt;/script&gt; &amp; co'
    expect(String(html`<b title="${evil}">${evil}</b>`)).toBe(`<b title="${escaped}">${escaped}</b>`)
  })

  it('takes HTML as it is, lists one after the other, and nothing for nothing', () => {
    const rows = ['<1>', '2'].map(each => html`<li>${each}</li>`)
    expect(String(html`<ul>${rows}${null}${undefined}${false}${0}${7n}</ul>`)).toBe(
      '<ul><li>&lt;1&gt;</li><li>2</li>07</ul>',
    )
  })

  it('cannot be told that a text is HTML', () => {
    expect(String(html`${{ toString: () => '<b>' } as unknown as string}`)).not.toContain('<b>')
  })
})

describe('safeUrl', () => {
  it.each(['https://example.com/x', 'HTTP://example.com', 'mailto:a@b', '/path?x#y', '#top', '?page=2', '', '/'])(
    'lets %j through',
    url => expect(safeUrl(url)).toBe(url),
  )

  it.each(['javascript:alert(1)', ' javascript:alert(1)', 'java\nscript:x', 'data:text/html,x', '//evil', '/\\evil'])(
    'gives # for %j',
    url => expect(safeUrl(url)).toBe('#'),
  )

  it.each(['/\t/evil.example', '\\\\evil', 'vbscript:x', 'relative'])('gives # for %j, too', url =>
    expect(safeUrl(url)).toBe('#'),
  )
})
