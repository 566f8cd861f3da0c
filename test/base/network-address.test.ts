import { expect, it } from 'vitest'
import { networkOf } from '../../src/base/network-address.js'

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:7::1', '2001:db8:0:7'],
  ['2001:DB8::7:a:b:c:d', '2001:db8:0:7'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['', ''],
])('limits for %s count for %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
