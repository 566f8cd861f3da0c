/**
 * Does what it is told, at the moment that it is told: one of several that want something of alice at once. Plain Node on
 * the built program; orders and answers are lines of JSON.
 */
import { createInterface } from 'node:readline'
import '../../../dist/accounts/recoveries.js'
import '../../../dist/offerings/recoveries.js'
import { createAccount } from '../../../dist/accounts/create-account.js'
import { getAccountByAddress } from '../../../dist/accounts/find-account.js'
import { addLoginMethod } from '../../../dist/accounts/login-methods.js'
import { removeAccount } from '../../../dist/accounts/remove-account.js'
import { setPasswordHash } from '../../../dist/accounts/set-password.js'
import { parseExistingAddress } from '../../../dist/base/address.js'
import { importUser } from '../../../dist/transfer/arriving/import-user.js'
import { exportUser } from '../../../dist/transfer/leaving/export-user.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'
import { METHOD, withSite } from './places.mjs'

const accountOf = (site, name) => getAccountByAddress(site, parseExistingAddress(name))

const DEEDS = {
  transfer: ({ from, to, name }) =>
    withSite(from, source => withSite(to, target => transferUser(source, parseExistingAddress(name), { to: target }))),
  leave: ({ from, file, name }) =>
    withSite(from, site =>
      exportUser(site, parseExistingAddress(name), { to: { kind: 'archive', file }, remove: true }),
    ),
  arrive: ({ to, from }) => withSite(to, site => importUser(site, { kind: 'directory', directory: from })),
  remove: ({ from, name }) => withSite(from, site => removeAccount(site, accountOf(site, name))),
  add: ({ to, name }) =>
    withSite(to, site => createAccount(site, { address: parseExistingAddress(name), passwordHash: null })),
  give: ({ to, owner, name }) =>
    withSite(to, site => addLoginMethod(accountOf(site, owner), { ...parseExistingAddress(name), ...METHOD })),
  password: ({ to, name, hash }) => withSite(to, site => setPasswordHash(site, accountOf(site, name), hash)),
}

process.stdout.write('"ready"\n')
for await (const line of createInterface({ input: process.stdin })) {
  const { deed, at, ...words } = JSON.parse(line)
  while (Date.now() < at) await new Promise(setImmediate)
  const error = await DEEDS[deed](words).then(
    () => undefined,
    reason => reason,
  )
  const failure = error && {
    code: error.code ?? null,
    family: Object.getPrototypeOf(error.constructor).name,
    message: error.stack,
  }
  process.stdout.write(`${JSON.stringify(failure ?? {})}\n`)
}
