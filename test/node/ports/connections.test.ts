import { Server, Socket } from 'node:net'
import { expect, it } from 'vitest'
import { Connections } from '../../../src/node/ports/connections.js'

it('all addresses of a network of IPv6 together have half of the connections', () => {
  const server = new Server()
  const connections = new Connections(server, 4, () => false)
  const come = (remoteAddress: string) => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress })
    server.emit('connection', socket)
    return socket.destroyed ? 'cut off' : 'inside'
  }
  const tried = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'].map(come)
  expect(tried).toEqual(['inside', 'inside', 'cut off', 'inside'])
  expect(connections.count).toBe(4)
})
