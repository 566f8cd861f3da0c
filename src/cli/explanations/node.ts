import type { Explanations } from './explanation.js'

export const NODE_EXPLANATIONS: Explanations = {
  NODE_RUNNING: {
    meaning: 'A site has one node at a time, and one runs already. Its lock says so, which ends with its process.',
    remedy: 'mantissa status shows it; mantissa stop ends it.',
  },
  ORIGINAL_SERVER_RUNS: {
    meaning:
      'The server of the original software works on this site (run/axiomatic.pid names a living process). Two servers would write over each other.',
    remedy: 'Stop it, then start the node. Where the process is another one by now, remove run/axiomatic.pid.',
  },
  SERVICES_FAILED: {
    meaning: 'The site has ports and none of them can listen, or --strict was given and a service did not start.',
    remedy:
      'The message names the first reason, details all of them. A busy port: end what uses it, or choose another port. The code of an offering that is missing: install it.',
  },
  NODE_NOT_RUNNING: {
    meaning: 'No process holds the lock of the node of this site.',
    remedy:
      'mantissa start. Where one should run, mantissa logs and run/logs/mantissa.err tell what has ended it; whatever that was, no store is harmed.',
  },
  NODE_SILENT: {
    meaning:
      'A node runs for the site and does not answer at its control socket: it works on something long, hangs, or was stopped with SIGSTOP. Verbs work all the same; what they change takes effect when it goes on.',
    remedy: 'Wait a little; look at mantissa logs; end it with mantissa stop --kill.',
  },
  NODE_FAILED: {
    meaning: 'The node was asked to do something and could not.',
    remedy: 'The message says why; mantissa logs says more. What the verb has changed in the site stays.',
  },
  NODE_STARTING: {
    meaning: 'The node was started in the background and is not ready yet; it goes on starting.',
    remedy: 'mantissa status shows which service is still starting; --timeout waits longer.',
  },
  NODE_ENDED: {
    meaning: 'The process of the node has ended before it was ready, without an error in words.',
    remedy: 'The file that the hint names holds what the process has said. Try it in the foreground: mantissa start.',
  },
  NODE_LINGERS: {
    meaning: 'The node was told to stop and has not yet: something it has begun takes longer.',
    remedy: 'Wait and look again, or end its process: mantissa stop --kill. No store is harmed by that.',
  },
  NODE_ELSEWHERE: {
    meaning:
      'The lock of the node is held, and its process cannot be seen: it is in another container, on another machine that shares the directory, or belongs to somebody else.',
    remedy: 'Stop it where it was started.',
  },
  NO_LOG_FILE: {
    meaning: 'The node was started with --log-file -, so its log is wherever its standard output goes.',
    remedy: 'Under systemd: journalctl -u <unit>.',
  },
  ENDPOINT_UNKNOWN: {
    meaning: 'The description of an endpoint cannot be understood, or names a kind that is not served here.',
    remedy: 'Write it as tcp:8080, tcp:8080:interface=127.0.0.1, ssl:8443:... or unix:...; for --admin also off.',
  },
  SERVICE_SLOW: {
    meaning: 'A service has not started within thirty seconds; the node has gone on to start the others.',
    remedy:
      'What it waits for is known to its offering. When it comes after all it is stopped and started as it should be.',
  },
  SERVICE_LINGERS: {
    meaning: 'A service was told to stop and has not within ten seconds; the node goes on stopping without it.',
    remedy: 'This is for the author of the offering: stopService() ends what has begun, quickly.',
  },
  NO_STORE: {
    meaning: 'An account has no store of its own, or has none any more: it was removed or has moved to another site.',
    remedy: 'mantissa user shows where the account is; mantissa check whether something is missing.',
  },
}
