import type { RootPlugin, WebSettings } from '../../../offerings/web-settings/describe-web.js'
import type { DeedStatus } from '../../deed-status.js'
import type { View } from '../../view.js'

export interface ShownWeb extends WebSettings {
  /** Null where it was only shown. */
  readonly status: DeedStatus | null
}

/** What `web` shows, whether or not it has changed anything. */
export const webView: View<ShownWeb> = {
  status: { title: 'status', value: row => row.status, jsonOnly: true },
  hostname: { title: 'host name', value: row => row.hostname },
  publicUrl: { title: 'public URL', value: row => row.publicUrl },
  httpLog: { title: 'HTTP log', value: row => row.httpLog },
  trustedProxies: {
    title: 'trusted proxies',
    value: row => [...row.trustedProxies],
    text: row => row.trustedProxies.join(', '),
  },
  frontPage: { title: 'front page', value: row => row.frontPage, text: row => row.frontPage ?? 'all offerings' },
  statics: {
    title: 'directories',
    value: row => row.statics.map(({ prefix, path }) => ({ prefix, path })),
    text: row => row.statics.map(({ prefix, path }) => `/${prefix} shows ${path}`).join(', '),
  },
  redirects: {
    title: 'redirections',
    value: row => row.redirects.map(({ prefix, target }) => ({ prefix, target })),
    text: row => row.redirects.map(({ prefix, target }) => `/${prefix} leads to ${target}`).join(', '),
  },
  plugins: {
    title: 'plugins',
    value: row => row.plugins.map(({ storeID, ...rest }) => ({ item: storeID, ...rest })),
    text: row => row.plugins.map(pluginText).join(', '),
  },
}

/** With or without a session, everybody sees what a plugin shows; visitors have sessions, too, in the original's words. */
function pluginText({ storeID, typeName, priority }: RootPlugin): string {
  return `${typeName ?? 'gone'} ${storeID} (priority ${priority})`
}
