/**
 * Moves alice whenever it is told to, and pauses at every step and moment until it is told to go on. Plain Node on the
 * built program; orders and answers are lines of JSON. It hears nothing while it works: it reads as it would from a file.
 */
import { readSync, writeSync } from 'node:fs'
import { Site } from '../../../dist/site/site.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'

const ALICE = { localpart: 'alice', domain: 'example.com' }
const pause = new Int32Array(new SharedArrayBuffer(4))

for (let order = hear(); order !== undefined; order = hear()) tell({ ended: await move(order) })

async function move({ from, to, freezeLimitMs }) {
  const sites = [from, to].map(directory => Site.open(directory))
  const observe = (step, moment, id) => {
    tell({ step, moment, id })
    hear()
  }
  try {
    const { completedByOthers } = await transferUser(sites[0], ALICE, { to: sites[1], observe, freezeLimitMs })
    return { code: null, completedByOthers }
  } catch (error) {
    return { code: error.code ?? null, message: error.stack }
  } finally {
    for (const site of sites) site.close()
  }
}

function tell(message) {
  writeSync(1, `${JSON.stringify(message)}\n`)
}

/** The next line; undefined when there will be none. */
function hear() {
  const byte = Buffer.alloc(1)
  for (let line = ''; ; line += byte.toString('latin1')) {
    if (readByte(byte) === 0) return undefined
    if (byte[0] === 10) return JSON.parse(line)
  }
}

function readByte(byte) {
  for (;;) {
    try {
      return readSync(0, byte)
    } catch (error) {
      if (error.code === 'EOF') return 0
      if (error.code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, 1)
    }
  }
}
