/** One thing that a person would type, and why. */
export interface DemoStep {
  /** Shown above the command. */
  readonly why: string
  /** For a POSIX shell, in the demo's directory; `mantissa` is this program. */
  readonly command: string
  /** The exit code that shows what the step is about. Default 0. */
  readonly code?: number
}

/** The site that verbs without `--site` mean during the demo. */
export const DEMO_SITE = 'east.axiom'

/** Steps that need nothing but the program itself. */
export const DEMO_STEPS: readonly DemoStep[] = [
  {
    why: 'A site: a store with a login system, ports, and an administrator.',
    command: 'mantissa create-site east.axiom --admin admin@example.com --generate',
  },
  { why: 'Once more changes nothing.', command: 'mantissa create-site east.axiom' },
  {
    why: 'A second site, to move people to.',
    command: 'mantissa create-site west.axiom --hostname west.example.com --public-url https://west.example.com',
  },
  {
    why: 'Somebody with a password of her own; it never stands on the command line.',
    command: "echo 'down the rabbit hole' | mantissa useradd alice@example.com --password-file -",
  },
  {
    why: 'Two more from a list.',
    command: "printf 'address\\nbob@example.com\\nzoë@example.com\\n' | mantissa useradd --from -",
  },
  {
    why: 'Alice has two more addresses; each logs her in, none can be somebody else’s.',
    command: 'mantissa login-method add alice@example.com alice.liddell@mail.example.net --protocol email --verified',
  },
  { why: '', command: 'mantissa login-method add alice@example.com alice@voice.example.com --protocol sip' },
  { why: 'In any letter case.', command: 'mantissa login-method add bob@example.com ALICE@example.com', code: 4 },
  { why: '', command: 'mantissa usermod zoë@example.com --disable' },
  { why: 'Who is there.', command: 'mantissa users' },
  { why: 'What can be installed, and an application for everybody.', command: 'mantissa offering list' },
  { why: '', command: 'mantissa offering install notes' },
  { why: 'Alice gets what it has for people.', command: 'mantissa offering endow alice@example.com notes' },
  {
    why: 'She writes a note; a browser would do it at /private/.',
    command: `mantissa browse --user alice@example.com --write --eval "store.create(types.notes_note, { title: 'Soup', body: 'Onions, water, salt.', notebook: store.create(types.notes_notebook, { name: 'Kitchen' }) }).storeID"`,
  },
  {
    why: 'Everybody may see it, and nothing else.',
    command:
      'mantissa share create alice@example.com $(mantissa items notes_note --user alice@example.com --plain | cut -f1) --to everyone --interface mantissa.notes.INote --id soup',
  },
  {
    why: 'The node serves the site; here at a socket in a file, since somebody else may have the ports.',
    command: 'mantissa port delete $(mantissa port list --plain | cut -f1) && mantissa port create unix:east.sock',
  },
  { why: '', command: 'mantissa start --detach --admin off' },
  { why: 'What a visitor gets, who is a program.', command: fetching('/users/alice/soup', 'east.sock') },
  { why: 'What is taken back is gone at once.', command: 'mantissa share remove alice@example.com soup --yes' },
  { why: '', command: fetching('/users/alice/soup', 'east.sock') },
  { why: '', command: 'mantissa stop' },
  { why: 'Everything about her.', command: 'mantissa user alice@example.com' },
  { why: 'And about the site, for a script.', command: 'mantissa info --json' },
  {
    why: 'A copy of Bob goes through a pipe; it could be ssh.',
    command: 'mantissa export-user bob@example.com - | mantissa import-user - --site west.axiom',
  },
  {
    why: 'What a move of Alice would do.',
    command: 'mantissa transfer-user alice@example.com --to west.axiom --dry-run',
  },
  {
    why: 'The move: copied while she works, sealed for a moment, decided once.',
    command: 'mantissa transfer-user alice@example.com --to west.axiom',
  },
  { why: 'Her old site knows where she went.', command: 'mantissa user alice@example.com', code: 3 },
  {
    why: 'The new one knows her by every address, with what she was endowed with.',
    command: 'mantissa user alice.liddell@mail.example.net --site west.axiom',
  },
]

/** Prints status and body of a page as JSON; not every system has curl. */
function fetching(path: string, socket: string): string {
  const request = `{ socketPath: '${socket}', path: '${path}', headers: { host: 'localhost', accept: 'application/json' } }`
  return `node -e "const say = text => fs.writeSync(1, text + '\\n'); http.get(${request}, page => { say(page.statusCode); page.on('data', say) })"`
}

/** The same with a site that Divmod Mantissa 0.9 wrote; `archive` is its tarball. */
export function realSiteSteps(archive: string): readonly DemoStep[] {
  return [
    { why: 'A site that Divmod Mantissa 0.9 wrote, on Python.', command: `tar xzf ${shellWord(archive)}` },
    { why: '', command: 'mantissa users --site divmod-site.axiom' },
    { why: '', command: 'mantissa info --site divmod-site.axiom' },
    { why: 'A new home for Carol.', command: 'mantissa create-site new.axiom --hostname example.net' },
    {
      why: 'She moves, with her address book, her roles and her shares.',
      command: 'mantissa transfer-user carol@example.net --site divmod-site.axiom --to new.axiom',
    },
    { why: '', command: 'mantissa user carol@example.net --site new.axiom' },
    { why: '', command: 'mantissa user carol@example.net --site divmod-site.axiom', code: 3 },
  ]
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
