/**
 * Shows a part of a page anew every five seconds while somebody looks at it. A part that cannot be fetched stays as it is,
 * and says so; what is unfolded or has the focus is not taken away from under somebody's hands.
 */
export const LIVE_SCRIPT = `
'use strict'
for (const part of document.querySelectorAll('[data-live]')) {
  const stale = document.createElement('p')
  stale.className = 'alert'
  stale.setAttribute('role', 'status')
  const refresh = async () => {
    if (document.hidden || part.contains(document.activeElement)) return
    try {
      const answer = await fetch(part.dataset.live, { credentials: 'same-origin', redirect: 'error' })
      if (!answer.ok) throw new Error(String(answer.status))
      part.innerHTML = await answer.text()
      stale.remove()
    } catch {
      stale.textContent = 'This is not shown anew any more: the node does not answer, or you may not ask. Load the page again.'
      part.before(stale)
    }
  }
  setInterval(refresh, 5000)
}
`
