/** Steps the processor of a store until there is nothing left. */
import { Store } from '../../../dist/index.js'
import { UnitProcessor } from './unit-types.mjs'

const store = Store.open(process.argv[2])
const batch = store.findUnique(UnitProcessor)
while (step());
store.close()

/** Others may hold the store for longer than anybody waits. */
function step() {
  try {
    return batch.step().more
  } catch (error) {
    if (error.code === 'STORE_BUSY') return true
    throw error
  }
}
