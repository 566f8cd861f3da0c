/** Items that did something in old versions of the original and exist in its last one only to be deleted. */
import { registerDeletionUpgrader } from '../store-engine/upgrades/upgrade.js'

/** Started the services of every user store with the site. */
registerDeletionUpgrader('axiom_substore_substorestartupservice', 1, 2)
/** Let somebody look into the process that does batches. */
registerDeletionUpgrader('axiom_batch_batchmanholepowerup', 1, 2)
