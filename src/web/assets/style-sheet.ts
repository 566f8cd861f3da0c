/**
 * How all pages look. Colours are variables, so that dark mode is one block; nothing has a fixed width, so that 360 px
 * are enough. Parts add no sheets of their own, they use the classes at the end.
 */
export const STYLE_SHEET = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --raised: #ffffff; --text: #1d1f23; --quiet: #5a606b; --line: #d9dce1;
  --link: #1f4fb8; --accent: #2457c5; --on-accent: #ffffff; --good: #176b3a; --bad: #b3261e;
  --good-ground: #e4f4ea; --bad-ground: #fdecea; --shade: 0 1px 2px rgb(0 0 0 / 6%), 0 2px 8px rgb(0 0 0 / 4%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171a; --raised: #1e2125; --text: #e7e9ec; --quiet: #a3aab5; --line: #363b43;
    --link: #9dbcff; --accent: #3f6fe0; --on-accent: #ffffff; --good: #7fd6a2; --bad: #ff9a92;
    --good-ground: #163323; --bad-ground: #3d1d1b; --shade: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { margin: 0; background: var(--ground); color: var(--text); overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 0.15em; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 1rem; letter-spacing: -0.01em; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
.card > h2:first-child { margin-top: 0; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.25rem; }
p, ul, ol, dl, pre, table, form { margin: 0 0 1rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--raised); z-index: 2; }
header.site {
  display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.25rem;
  padding: 0.6rem max(1rem, calc(50vw - 31rem)); background: var(--raised); border-bottom: 1px solid var(--line);
}
.site-name { font-weight: 650; color: inherit; text-decoration: none; }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1rem; list-style: none; margin: 0; padding: 0; }
nav a { display: inline-block; padding: 0.2rem 0 0.1rem; color: var(--quiet); text-decoration: none; border-bottom: 2px solid transparent; }
nav a:hover { color: var(--text); }
nav a[aria-current] { color: var(--text); border-color: var(--accent); }
.account { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.75rem; margin-left: auto; font-size: 0.9rem; }
.account form { margin: 0; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
main:focus { outline: none; }
label { display: block; font-weight: 550; margin: 0 0 0.25rem; }
input, textarea, select, button { font: inherit; color: inherit; }
input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select {
  width: 100%; max-width: 30rem; padding: 0.45rem 0.6rem; background: var(--raised);
  border: 1px solid var(--line); border-radius: 0.4rem;
}
textarea { max-width: 100%; min-height: 8rem; resize: vertical; }
input[type=checkbox], input[type=radio] { width: 1.1rem; height: 1.1rem; accent-color: var(--accent); vertical-align: -0.15rem; }
label:has(> input[type=checkbox]), label:has(> input[type=radio]) { font-weight: 400; }
button, .button {
  display: inline-block; padding: 0.45rem 1rem; border: 1px solid transparent; border-radius: 0.4rem; cursor: pointer;
  background: var(--accent); color: var(--on-accent); font-weight: 550; text-decoration: none;
}
button:hover, .button:hover { filter: brightness(1.08); }
button.second { background: transparent; color: var(--text); border-color: var(--line); }
button.danger { background: var(--bad); color: var(--ground); }
button.plain { padding: 0; background: none; color: var(--link); font-weight: 400; text-decoration: underline; text-underline-offset: 0.15em; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.field { margin: 0 0 1rem; }
.field .hint { display: block; }
.hint { color: var(--quiet); font-size: 0.9rem; margin: 0.25rem 0 0; }
.error { color: var(--bad); margin: 0.25rem 0 0; }
.notice, .alert { padding: 0.6rem 0.9rem; border-radius: 0.4rem; background: var(--good-ground); color: var(--good); }
.alert { background: var(--bad-ground); color: var(--bad); }
.card { padding: 1rem 1.25rem; margin: 0 0 1rem; background: var(--raised); border: 1px solid var(--line); border-radius: 0.6rem; box-shadow: var(--shade); }
.card > :last-child, .card > :last-child > :last-child { margin-bottom: 0; }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); gap: 1rem; list-style: none; padding: 0; }
.choices .card { margin: 0; height: 100%; }
.choices a { font-weight: 600; font-size: 1.1rem; }
.narrow { max-width: 26rem; }
.quiet { color: var(--quiet); }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; }
.row > input { flex: 1 1 8rem; width: auto; min-width: 0; }
.row > form.row { flex: 0 1 26rem; }
.row form, .row p { margin: 0; }
.spread { justify-content: space-between; margin: 0 0 1rem; }
.field .hint { display: block; }
::placeholder { color: var(--quiet); opacity: 1; }
summary { cursor: pointer; color: var(--link); }
a.danger { color: var(--bad); }
.badge { padding: 0.05rem 0.5rem; border-radius: 1rem; background: var(--line); font-size: 0.8rem; white-space: nowrap; }
.plain-list, .list, .tags { list-style: none; padding: 0; }
.list { background: var(--raised); border: 1px solid var(--line); border-radius: 0.6rem; box-shadow: var(--shade); }
.list > li { padding: 0.6rem 1rem; }
.list > li + li { border-top: 1px solid var(--line); }
.list p { margin: 0; font-size: 0.9rem; }
.list .row { justify-content: space-between; }
.tags { display: flex; flex-wrap: wrap; gap: 0.4rem; }
.tags > li { padding: 0.1rem 0.6rem; border: 1px solid var(--line); border-radius: 1rem; font-size: 0.9rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.45rem 0.75rem 0.45rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--quiet); font-size: 0.9rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
pre, code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.9em; }
pre { padding: 0.75rem 1rem; overflow-x: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 0.4rem; }
.text { white-space: pre-wrap; margin: 0 0 1rem; }
td form { margin: 0; }
td { min-width: 5rem; }
th, td button { white-space: nowrap; overflow-wrap: normal; }
main nav { margin: 0 0 1.25rem; }
.facts { display: grid; grid-template-columns: minmax(5rem, max-content) 1fr; gap: 0.25rem 1.25rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 1rem; }
figure { margin: 0 0 1rem; }
figcaption { font-size: 0.9rem; }
@media (max-width: 40rem) {
  table.cards td:empty { display: none; }
  table.cards thead { position: absolute; left: -99rem; }
  table.cards, table.cards tbody, table.cards tr, table.cards td { display: block; }
  table.cards tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  table.cards td { border: 0; padding: 0.1rem 0; text-align: left; }
  table.cards td[data-label]::before { content: attr(data-label) " "; color: var(--quiet); font-size: 0.85rem; }
  .account { margin-left: 0; }
}
@media (prefers-reduced-motion: no-preference) { a, button { transition: color 0.1s, filter 0.1s; } }
`
