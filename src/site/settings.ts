import type { JsonValue } from '../base/json.js'
import { stringifyJson } from '../base/json.js'
import type { Site } from './site.js'

/** Base URL under which people reach this site; null when nobody has told. */
export const PUBLIC_URL = 'public-url'

/**
 * Network addresses of those who may say for whom they ask (`X-Forwarded-For`, `-Proto`): a list of addresses and
 * networks, such as `10.0.0.0/8`, or `loopback`. Nobody where it was never set.
 */
export const TRUSTED_PROXIES = 'trusted-proxies'

/** With what the web server signs; nobody needs to know it, and it is shown nowhere. */
export const WEB_SECRET = 'web-secret'

/** How long audit records are kept, in days. */
export const AUDIT_DAYS = 'audit-days'

/** A setting's value, or `fallback` where it was never set (or the site was never written here). */
export function readSetting<T extends JsonValue>(site: Site, name: string, fallback: T): T {
  if (!site.hasAdminTables) return fallback
  const row = site.store.sql.get<{ value: string }>('SELECT value FROM mantissa_setting WHERE name = ?', name)
  return row === undefined ? fallback : (JSON.parse(row.value) as T)
}

/** Sets a value; null removes the setting. */
export function writeSetting(site: Site, name: string, value: JsonValue): void {
  site.store.transact(() => {
    if (value === null) site.store.sql.run('DELETE FROM mantissa_setting WHERE name = ?', name)
    else
      site.store.sql.run(
        'INSERT OR REPLACE INTO mantissa_setting (name, value) VALUES (?, ?)',
        name,
        stringifyJson(value),
      )
  })
}
