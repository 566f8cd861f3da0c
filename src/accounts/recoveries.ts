/**
 * Loads every deed of this layer that can be left half done, so that opening a site for writing recovers it. Whoever
 * opens sites for people imports this file once.
 */
import './undo-creation.js'
import './sync-user-store.js'
import './remove-account.js'
