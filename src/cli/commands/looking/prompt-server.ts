/** Node's prompt, made to suit lines that take their time: they can be given up, and typing goes on meanwhile. */
import type { REPLServer } from 'node:repl'
import type { BrowseSession } from './browse-session.js'

/** Ctrl-C while a line is run or waits does no more than give it up; Node's own answer is that the second one leaves. */
export function giveUpBusyLineAtCtrlC(server: REPLServer, session: BrowseSession): void {
  const usual = server.listeners('SIGINT')
  server.removeAllListeners('SIGINT')
  server.on('SIGINT', () => {
    if (session.isBusy) session.giveUpLine()
    else for (const listener of usual) listener.call(server)
  })
}

/** A prompt leaves the cursor behind what was typed ahead of it. */
export function keepWhatIsTypedAhead(server: REPLServer): void {
  server.displayPrompt = server.displayPrompt.bind(server, true)
}

/** A prompt after the end, such as that behind a line that was still run, would read on: the process would not end. */
export function promptNoMoreAfterTheEnd(server: REPLServer): void {
  server.once('exit', () => {
    server.displayPrompt = () => {}
  })
}
