/** Steps the processor of a store until there is nothing left. */
import { Store } from '../../../dist/index.js'
import { UnitProcessor } from './unit-types.mjs'

const store = Store.open(process.argv[2])
const batch = store.findUnique(UnitProcessor)
while (batch.step().more);
store.close()
