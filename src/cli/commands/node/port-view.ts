import type { DescribedPort } from '../../../offerings/ports/describe-ports.js'
import { printable } from '../../printer/printable.js'
import type { View } from '../../view.js'

/** One line of `port list`: a port, or a factory that has none. */
export const portView: View<DescribedPort> = {
  port: { title: 'port', value: row => row.storeID, align: 'right' },
  kind: { title: 'kind', value: row => row.kind },
  endpoint: { title: 'endpoint', value: row => row.endpoint, isWhole: true },
  interface: { title: 'interface', value: row => row.interface, jsonOnly: true },
  number: { title: 'number', value: row => row.portNumber, jsonOnly: true },
  certificate: { title: 'certificate', value: row => row.certificate, jsonOnly: true },
  factory: { title: 'factory', value: row => row.factory?.storeID ?? null, align: 'right' },
  factoryType: { title: 'type of the factory', value: row => row.factory?.typeName ?? null },
}

/** `port list` in the words of the original. */
export function portsAsText(rows: readonly DescribedPort[]): string {
  if (rows.length === 0) return 'There are no ports configured.\n'
  const lines = rows.flatMap((row, index) => {
    const isFirst = index === 0 || rows[index - 1]?.factory?.storeID !== row.factory?.storeID
    const name = row.factory === null ? 'Nobody' : `${row.factory.storeID}) ${row.factory.typeName ?? '(gone)'}`
    if (row.storeID === null) return [`${name} is not listening.`]
    return [...(isFirst ? [`${name} listening on:`] : []), `  ${row.storeID}) ${portAsText(row)}`]
  })
  return lines.map(line => `${printable(line)}\n`).join('')
}

function portAsText(row: DescribedPort): string {
  if (row.kind === 'endpoint') return `Endpoint '${row.endpoint}'`
  const where = row.interface ? `interface ${row.interface}` : 'any interface'
  const number = row.portNumber === null ? 'NO PORT' : `port ${row.portNumber}`
  if (row.kind === 'tcp') return `TCP, ${where}, ${number}`
  return `SSL, ${where}, ${number}, ${row.certificate === null ? 'NO CERTIFICATE' : `certificate ${row.certificate}`}`
}
