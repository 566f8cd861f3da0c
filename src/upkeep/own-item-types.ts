/**
 * Loads every item type that the toolkit itself defines, with its upgraders.
 *
 * Verbs load the types they need. Those that look at everything a store holds (`upgrade`, `check`, `items`, `browse`)
 * import this file once, so that no item is strange to them only because nothing has asked for its type yet. A new
 * file with item types adds its line here; a test compares the list with the sources.
 */
import '../accounts/login-account.js'
import '../accounts/login-method.js'
import '../accounts/login-system.js'
import '../accounts/login-upgrades.js'
import '../accounts/sessions/persistent-session.js'
import '../messaging/message-items.js'
import '../offerings/installed-offering.js'
import '../offerings/product-items.js'
import '../offerings/site-items/administration.js'
import '../offerings/site-items/ports.js'
import '../offerings/site-items/private-application.js'
import '../offerings/site-items/private-pages.js'
import '../offerings/site-items/public-pages.js'
import '../offerings/site-items/site-configuration.js'
import '../offerings/site-items/static-content.js'
import '../offerings/site-items/web-site-upgrades.js'
import '../offerings/site-items/web-site.js'
import '../scheduling/batch/reliable-listener.js'
import '../scheduling/hook-upgrades.js'
import '../scheduling/retired-types.js'
import '../scheduling/scheduler-shells.js'
import '../scheduling/timed-event.js'
import '../sharing/default-share.js'
import '../sharing/share-items.js'
import '../store-engine/lists/item-list.js'
import '../store-engine/lists/list-item.js'
import '../store-engine/powerups/powerup.js'
import '../store-engine/sub-store.js'
import '../store-engine/tags/catalog-upgrade.js'
import '../store-engine/tags/catalog.js'
import '../store-engine/tags/tag.js'
import '../store-engine/versions/system-version.js'
