import type { Topic } from './topic.js'

export const outputTopic: Topic = {
  name: 'output',
  summary: 'tables, tab-separated lines, JSON',
  text: `Standard output is the result; everything else goes to standard error.

On a terminal a result is a table or a sentence. In a pipe, or with --plain, it is one line a row, fields parted by tabs, without a header; a tab, line break or other control character in a value is written as an escape.

--json prints one document: an array for a list, an object for one thing. --jsonl prints one object a line. Keys are only ever added to. Numbers that could lose digits (64-bit integers, decimals) are strings, times are RFC 3339 in UTC, and what is not known is null.

An error is two lines on standard error, "error:" and "try:". With --json it is one object:

  { "error": { "code": "NO_SITE", "message": "...", "hint": "...", "details": {} } }

--quiet silences everything but results of lists and errors. Colour follows --no-color, NO_COLOR, FORCE_COLOR and TERM=dumb, and never says anything that the words do not say.`,
}
