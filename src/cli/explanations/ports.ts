import type { Explanations } from './explanation.js'

export const PORT_EXPLANATIONS: Explanations = {
  ENDPOINT_INVALID: {
    meaning: 'The text does not say where to listen in a way that is understood here. Nothing was changed.',
    remedy:
      'Write tcp:8080, tcp:8080:interface=127.0.0.1, tcp6:8080, ssl:8443, ssl:8443:privateKey=key.pem:certKey=certificate.pem or unix:/run/site.sock:mode=660; a backslash takes the meaning from a colon or an equals sign.',
  },
  SOCKET_PATH_TOO_LONG: {
    meaning: 'The system would cut the path of the socket off, and nobody would find it.',
    remedy: 'Choose a shorter path, for instance in a directory below /run.',
  },
  PORT_NOT_FOUND: {
    meaning: 'No port of the site has that number; it may be that of another item. No port was deleted.',
    remedy: 'mantissa port list shows the numbers of the ports.',
  },
  FACTORY_NOT_FOUND: {
    meaning: 'What should speak at the port is not there, is not something that speaks, or is not named clearly.',
    remedy: 'mantissa port list shows the factories, by number and type; give one of them to --factory.',
  },
  PORT_TAKEN: {
    meaning: 'Another port of the same site has that number or socket, and the two could not both listen.',
    remedy: 'Choose another number, or delete the other port first. mantissa port list shows them.',
  },
  PORT_BUSY: {
    meaning: 'Another program listens at the port, so the node does not. Its other ports work.',
    remedy: 'ss -ltnp shows which program it is. The node tries the port again while it runs.',
  },
  PORT_DENIED: {
    meaning: 'The user that runs the node may not listen there: numbers below 1024 need a right of their own.',
    remedy:
      'Use a port from 1024 on and lead the low one there (a proxy, or a rule of the firewall), or give the right: AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit of systemd.',
  },
  PORT_FAILED: {
    meaning: 'The system refused the port for a reason that the message names.',
    remedy: 'Check the limits of the system, such as open files; the log of the node has the details.',
  },
  INTERFACE_UNKNOWN: {
    meaning: 'The address or name after interface= is none of this machine, or not yet.',
    remedy: 'ip address shows the addresses of the machine. Without interface= the port listens on all of them.',
  },
  SOCKET_IN_USE: {
    meaning: 'Another program answers at that socket, or the path is that of a file. It was left as it is.',
    remedy: 'Stop the other program or choose another path. A socket that nobody answers is replaced unasked.',
  },
  SOCKET_PLACE: {
    meaning: 'The directory in which the socket should be does not exist.',
    remedy: 'Make the directory, with the permissions that those who connect need, or choose another path.',
  },
  PORT_WITHOUT_FACTORY: {
    meaning: 'The port leads to nothing that could speak: its factory was removed, or its offering has no code here.',
    remedy: 'Say where the package of the offering is (mantissa offering add-source), or delete the port.',
  },
  FACTORY_UNFIT: {
    meaning: 'The port leads to an item whose type is known and that speaks no protocol.',
    remedy: 'Delete the port and make one with the right factory: mantissa port list shows them.',
  },
  CERTIFICATE_MISSING: {
    meaning: 'The file of a certificate or of its key does not exist or may not be read. Nothing was changed.',
    remedy: 'Check the path and the permissions; mantissa tls renew makes a self-signed certificate for the site.',
  },
  CERTIFICATE_BAD: {
    meaning: 'The file holds no certificate or no private key that a server could use. Nothing was changed.',
    remedy:
      'Give PEM files: the certificate first, then its chain, and a key without a passphrase. Keys of less than 2048 bits are too short. mantissa tls renew --force makes a self-signed certificate in the place of what the site has.',
  },
  KEY_MISMATCH: {
    meaning: 'The private key is that of another certificate. Nothing was changed.',
    remedy: 'Give the key from which the certificate was ordered; --key names its file.',
  },
  CERTIFICATE_ISSUED: {
    meaning:
      'Somebody else has issued the certificate, so replacing it by a self-signed one would be a loss. It is as it was.',
    remedy: 'Get a new one from the issuer and run mantissa tls use <certificate> --key <file>, or give --force.',
  },
  API_KEY_NOT_FOUND: {
    meaning: 'The site has no API key of that name. Nothing was removed.',
    remedy: 'mantissa api-key list shows the names; letters compare without case.',
  },
  API_KEY_FILE: {
    meaning: 'The file from which the API key should be read cannot be read. Nothing was changed.',
    remedy: 'Check the path and its permissions; --file - reads standard input.',
  },
}
