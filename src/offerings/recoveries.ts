/**
 * Loads every deed of this layer that can be left half done, so that opening a site for writing recovers it. Whoever
 * opens sites for people imports this file once. It loads no offering.
 */
import './install-offering.js'
import './powerup-deed.js'
