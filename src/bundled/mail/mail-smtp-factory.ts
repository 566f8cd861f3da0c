import {
  IProtocolFactoryFactory,
  integer,
  item,
  type ProtocolFactory,
  type ProtocolFactoryMaker,
  path,
  registerItemTypes,
  type ServiceHost,
  SiteConfiguration,
  SslPort,
  text,
} from '../../index.js'

const minute = 'In a minute.'

/** Speaks SMTP at the ports that name it as their factory. What it holds is read when the node starts. */
export class MailSmtpFactory extends item({
  typeName: 'mail_smtp_factory',
  version: 1,
  module: 'axiom.item',
  attributes: {
    hostname: text({ doc: 'What the server calls itself; null for the host name of the site.' }),
    postmaster: text({ doc: 'The address of the account that gets mail for postmaster where no account is that.' }),
    certificatePath: path({ doc: 'Key and certificate for STARTTLS; null for those of the first TLS port.' }),
    largestMessage: integer({ allowNull: false, default: 26_214_400, doc: 'Bytes.' }),
    keptFree: integer({ allowNull: false, default: 536_870_912, doc: 'Bytes of the disk that mail never takes.' }),
    mostRecipients: integer({ allowNull: false, default: 100, doc: 'Of one message.' }),
    mostConnections: integer({ allowNull: false, default: 200, doc: 'At once, of each port.' }),
    connectionsPerAddress: integer({ allowNull: false, default: 20, doc: 'At once.' }),
    newConnectionsPerAddress: integer({ allowNull: false, default: 60, doc: minute }),
    messagesPerAddress: integer({ allowNull: false, default: 120, doc: minute }),
    recipientsPerAddress: integer({ allowNull: false, default: 1000, doc: minute }),
    refusalsPerAddress: integer({ allowNull: false, default: 50, doc: 'Refused recipients and messages in a minute.' }),
    idleSeconds: integer({ allowNull: false, default: 60, doc: 'How long a client may be silent.' }),
    sessionSeconds: integer({ allowNull: false, default: 1800, doc: 'How long a connection may last.' }),
  },
  powerupInterfaces: [IProtocolFactoryFactory],
}) {
  /** The server's own code is loaded here, so that verbs which only look at items do without. */
  async makeProtocolFactory(host: ServiceHost): Promise<ProtocolFactory> {
    const { SmtpService } = await import('./smtp-service.js')
    return new SmtpService(host, this)
  }

  /** The name in greetings and traces. */
  get greetingName(): string {
    return this.hostname ?? this.siteName
  }

  /** The host name of the site. */
  get siteName(): string {
    return this.store.findFirst(SiteConfiguration)?.hostname ?? 'localhost'
  }

  /** Of the file that has key and certificate for STARTTLS; null where none is configured. */
  get starttlsFile(): string | null {
    return this.certificatePath ?? this.store.findFirst(SslPort)?.certificatePath ?? null
  }
}

MailSmtpFactory.prototype satisfies ProtocolFactoryMaker

registerItemTypes(MailSmtpFactory)
