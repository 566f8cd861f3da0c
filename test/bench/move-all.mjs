/** Moves users from one site to another, two at a time. Arguments: the sites, then the names of the users. */
import { parseExistingAddress } from '../../dist/base/address.js'
import { Site } from '../../dist/site/site.js'
import { transferUser } from '../../dist/transfer/transfer-user.js'
import '../../dist/offerings/product-items.js'

const [from, to, ...names] = process.argv.slice(2)
const [source, target] = [from, to].map(directory => Site.open(directory))
const rest = names.values()

async function lane() {
  for (const name of rest) await transferUser(source, parseExistingAddress(`${name}@example.com`), { to: target })
}

await Promise.all([lane(), lane()])
source.close()
target.close()
