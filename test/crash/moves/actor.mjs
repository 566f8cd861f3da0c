/**
 * A process that does one thing after the other to the sites of the matrix, and may be told to die of it. Plain Node on
 * the built program, below `fail-at.c` and with one thread. Orders are JSON with a `kind`; each is answered by `{ done }`.
 */
import '../../../dist/accounts/recoveries.js'
import { parseExistingAddress } from '../../../dist/base/address.js'
import { MantissaError } from '../../../dist/base/errors.js'
import { Site } from '../../../dist/site/site.js'
import { listTransfers } from '../../../dist/site/transfers-journal.js'
import { abortTransfer } from '../../../dist/transfer/protocol/abort-transfer.js'
import { recoverTransfers, resumeTransfer } from '../../../dist/transfer/protocol/recover-transfers.js'
import { purgeTransfer } from '../../../dist/transfer/purging/purge-transfer.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'
import { doDeed } from './deeds.mjs'
import { die, Orders, steer, tell, tellReady } from './orders.mjs'
import { countingObserver, observerFor } from './watch.mjs'

const orders = new Orders()

const KINDS = {
  move({ from, to, name, ...how }) {
    const { observe, counts } = observation(how)
    return withSite(from, source =>
      withSite(to, async target => {
        await transferUser(source, parseExistingAddress(name), { to: target, observe })
        return { moved: true, counts }
      }),
    )
  },

  /** Opens the sites one after the other, as any verb does that writes. */
  async recover({ sites, ...how }) {
    const { observe, counts } = observation(how)
    const outcomes = []
    for (const each of sites) outcomes.push(...(await withSite(each, site => recoverTransfers(site, { observe }))))
    return { outcomes, counts }
  },

  /** Resumes everything that the journals know. */
  async resume({ sites }) {
    const outcomes = []
    for (const each of sites)
      await withSite(each, async site => {
        for (const { id } of listTransfers(site)) outcomes.push(await resumeTransfer(site, id))
      })
    return { outcomes }
  },

  /** Deletes every old store that is kept. */
  purge({ site: directory, ...how }) {
    const { observe, counts } = observation(how)
    return withSite(directory, async site => {
      for (const row of listTransfers(site, { role: 'source' }))
        if (row.state === 'HANDED_OVER') await purgeTransfer(site, { row }, { observe })
      return { counts }
    })
  },

  abort({ site: directory }) {
    return withSite(directory, async site => {
      const [open] = listTransfers(site, { open: true, role: 'source' })
      return open === undefined ? {} : { outcomes: [await abortTransfer(site, open.id)] }
    })
  },

  /** One that is told when it is done, and one to die of. */
  deed({ deed, site: directory, name, values, arm }) {
    return withSite(directory, site => {
      doDeed(site, { deed, name, value: values[0] })
      steer(`arm/${arm}`)
      doDeed(site, { deed, name, value: values[1] })
      die()
    })
  },

  /** A transaction that is open until this process is killed. */
  hold({ site: directory }) {
    return withSite(directory, site =>
      site.store.transact(() => {
        site.store.sql.run("INSERT OR REPLACE INTO mantissa_setting VALUES ('half', 'done')")
        tell({ holding: true })
        orders.next()
      }),
    )
  },
}

async function withSite(directory, use) {
  const site = Site.open(directory)
  try {
    return await use(site)
  } finally {
    site.close()
  }
}

function observation({ watch, isCounting }) {
  if (watch !== undefined) return { observe: observerFor(watch, orders) }
  const counts = {}
  return isCounting ? { observe: countingObserver(counts), counts } : {}
}

/** Anything but an error of the program's own is a finding. */
function ending(error) {
  return error instanceof MantissaError ? { refused: error.code, message: error.message } : { broken: error.stack }
}

// Each of its lives is a child that has everything loaded; this process waits for its death, and begins the next.
while (steer('fork') !== 'child') tell({ died: true })
tellReady()
for (let order = orders.next(); order !== undefined; order = orders.next()) {
  if (order.kind !== 'deed' && order.arm !== undefined) steer(`arm/${order.arm}`)
  try {
    tell({ done: await KINDS[order.kind](order) })
  } catch (error) {
    tell({ done: ending(error) })
  }
  // A step that was to be died of may have failed before its end.
  steer('disarm')
}
endForGood()

/** Nobody gives orders any more. The child knows its parent by the pid that it was given itself. */
function endForGood() {
  if (process.ppid === process.pid) process.kill(process.ppid, 'SIGKILL')
  die()
}
