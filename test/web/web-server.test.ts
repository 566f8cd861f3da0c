import { expect, it } from 'vitest'
import { startSite } from '../support/started-site.js'

it('a node serves its site at the ports of the site', async () => {
  const { url, log } = await startSite({ offerings: ['notes'] })
  const answer = await fetch(`${url}/nothing/here`)
  const troubles = log.lines.filter(({ level }) => level !== 'info')
  expect([answer.status, troubles]).toEqual([404, []])
})
