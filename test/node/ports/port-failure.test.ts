import { expect, it } from 'vitest'
import { listenFailure } from '../../../src/node/ports/port-failure.js'
import { parseEndpoint } from '../../../src/offerings/ports/endpoint.js'

function refused(endpoint: string, code: string): unknown {
  const error = Object.assign(new Error(`listen ${code}`), { code, syscall: 'listen' })
  return listenFailure(error, parseEndpoint(endpoint), endpoint)
}

// Whether a test may listen there depends on who runs it and where, so what the system says is given here.
it('says what to do about a low port that is not allowed', () => {
  expect(refused('tcp:80', 'EACCES')).toMatchObject({
    code: 'PORT_DENIED',
    message: 'port 80 may not be used by this user',
    hint: expect.stringContaining('CAP_NET_BIND_SERVICE'),
    details: { endpoint: 'tcp:80', reason: 'EACCES' },
  })
  expect(refused('unix:/run/x.sock', 'EACCES')).toMatchObject({ code: 'PORT_DENIED' })
})

it('passes on what nobody expected, in the words of the system', () => {
  for (const endpoint of ['tcp:80', 'unix:/run/x.sock'])
    expect(refused(endpoint, 'EMFILE')).toMatchObject({
      code: 'PORT_FAILED',
      message: expect.stringContaining('EMFILE'),
    })
  const bug = new TypeError('of our own')
  expect(listenFailure(bug, parseEndpoint('tcp:80'), 'tcp:80')).toBe(bug)
})
