import { readdirSync, renameSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { BatchProblem } from '../../../src/scheduling/batch/batch-problem.js'
import { type BatchStyle, IBatchProcessor } from '../../../src/scheduling/batch/batch-processor.js'
import { BatchWorker, type BatchWorkerOptions } from '../../../src/scheduling/batch/batch-worker.js'
import { SiteRounds } from '../../../src/scheduling/batch/site-rounds.js'
import { sqlTrace } from '../../../src/store-engine/database/sql-trace.js'
import { CREATE_FENCE_TABLE } from '../../../src/store-engine/database/write-fence.js'
import { Store } from '../../../src/store-engine/store.js'
import { SubStore } from '../../../src/store-engine/sub-store.js'
import { openElsewhere } from '../../store-engine/other-process.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { createUnits, Trace, Tracer, UnitProcessor } from './batch-items.js'

const module = (name: string) => pathToFileURL(join(import.meta.dirname, name))

/** A site with a listener in its own store and one in each of two user stores, and one unit for each. */
function prepare(listeners: Record<string, Partial<{ name: string; dislikes: number }>> = {}): string {
  const directory = `${temporaryDirectory()}/site.axiom`
  using site = Store.create(directory)
  addListener(site, listeners['site'])
  for (const name of ['a', 'b']) SubStore.createNew(site, [name]).use(store => addListener(store, listeners[name]))
  return directory
}

function addListener(store: Store, given: object = {}, style: BatchStyle = 'remote'): void {
  store.create(UnitProcessor, {}).addReliableListener(store.create(Tracer, given), style)
  createUnits(store, 1)
}

const storePath = (site: string, name: string) => (name === 'site' ? site : join(site, 'files', name))

function add(site: string, name: string, ...numbers: number[]): void {
  using store = Store.open(storePath(site, name))
  createUnits(store, ...numbers)
}

/** What was done in a store, by the numbers of the traces. */
function done(site: string, name: string): number[] {
  using store = Store.open(storePath(site, name), { readonly: true })
  return [...store.query(Trace)].map(({ number }) => number)
}

async function start(
  siteDirectory: string,
  options: Partial<BatchWorkerOptions> = {},
): Promise<{ readonly worker: BatchWorker; readonly problems: BatchProblem[] }> {
  const problems: BatchProblem[] = []
  const worker = await BatchWorker.start({
    siteDirectory,
    modules: [module('unit-types.mjs')],
    pollInterval: 50,
    onProblem: problem => problems.push(problem),
    ...options,
  })
  onTestFinished(() => worker.stop())
  return { worker, problems }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 20))
}

function setFence(directory: string, state: 'active' | 'sealed'): void {
  using store = Store.open(directory)
  const change = () => {
    store.sql.exec(CREATE_FENCE_TABLE)
    store.sql.run("INSERT OR REPLACE INTO mantissa_fence VALUES (1, 'store', 4, 'site', ?, 'T1', 0)", state)
  }
  store.transact(change, { ignoreFence: true })
}

describe('a batch worker', () => {
  it('gives the remote listeners of every store of a site what is there and what comes', async () => {
    const site = prepare()
    const { problems } = await start(site)
    await until(() => ['site', 'a', 'b'].every(name => done(site, name).length === 1))
    add(site, 'b', 2, 3)
    add(site, 'site', 2)
    await until(() => done(site, 'b').length === 3 && done(site, 'site').length === 2)
    expect([done(site, 'site'), done(site, 'a'), done(site, 'b')]).toEqual([[1, 2], [1], [1, 2, 3]])
    expect(problems).toEqual([])
  })

  it('opens user stores below the site, so that what listens there has its parent', async () => {
    const site = prepare({ a: { name: 'child' }, b: { name: 'child' } })
    await start(site)
    await until(() => done(site, 'b').length === 1 && done(site, 'a').length === 1)
    using store = Store.open(site)
    expect([done(site, 'a'), done(site, 'b')]).toEqual([...store.query(SubStore)].map(({ storeID }) => [storeID]))
  })

  it('is not led astray by what else a store names as its processors', async () => {
    const site = prepare()
    {
      using store = Store.open(storePath(site, 'a'))
      store.powerUp(store.findUnique(Tracer), IBatchProcessor as never, 5)
    }
    const { problems } = await start(site)
    await until(() => done(site, 'a').length === 1 && done(site, 'b').length === 1)
    expect(problems).toEqual([])
  })

  it('leaves local listeners to the scheduler', async () => {
    const site = prepare()
    {
      using store = Store.open(storePath(site, 'a'))
      store.findUnique(UnitProcessor).addReliableListener(store.create(Tracer, {}), 'local')
    }
    await start(site)
    await until(() => done(site, 'b').length === 1)
    expect(done(site, 'a')).toEqual([1])
  })

  it('tells of a listener that fails, and goes on', async () => {
    const site = prepare({ a: { name: 'bad', dislikes: 2 } })
    add(site, 'a', 2, 3)
    const { problems } = await start(site)
    await until(() => done(site, 'a').length === 2)
    expect(done(site, 'a')).toEqual([1, 3])
    await until(() => problems.length > 0)
    expect(problems).toMatchObject([{ kind: 'item', store: storePath(site, 'a'), message: 'bad dislikes 2' }])
    using store = Store.open(storePath(site, 'a'))
    expect(store.findUnique(UnitProcessor).getFailedItems()).toMatchObject([{ message: 'bad dislikes 2' }])
  })

  it('tells once of a store that is sealed, and works on it when it is active again', async () => {
    const site = prepare()
    setFence(storePath(site, 'a'), 'sealed')
    const { problems } = await start(site)
    await until(() => done(site, 'b').length === 1 && problems.length > 0)
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(problems).toMatchObject([{ kind: 'store', store: storePath(site, 'a'), code: 'STORE_SEALED' }])
    expect(done(site, 'a')).toEqual([])
    setFence(storePath(site, 'a'), 'active')
    await until(() => done(site, 'a').length === 1)
  })

  it('tells once of a store that is missing, and works on it when it is back', async () => {
    const site = prepare()
    renameSync(storePath(site, 'a'), join(site, 'temp/away'))
    const { problems } = await start(site)
    await until(() => done(site, 'b').length === 1 && problems.length > 0)
    expect(problems).toMatchObject([{ kind: 'store', store: storePath(site, 'a'), code: 'NOT_A_STORE' }])
    renameSync(join(site, 'temp/away'), storePath(site, 'a'))
    await until(() => done(site, 'a').length === 1)
    expect(readdirSync(join(site, 'files'))).toEqual(['a', 'b'])
  })

  it('waits for a store that is busy, while others have their turn', async () => {
    const site = prepare()
    const writer = await openElsewhere(storePath(site, 'a'))
    expect(await writer.ask('BEGIN IMMEDIATE')).toBe('ok')
    const { problems } = await start(site)
    await until(() => done(site, 'b').length === 1 && problems.length > 0)
    expect(problems).toMatchObject([{ kind: 'store', store: storePath(site, 'a'), code: 'STORE_BUSY' }])
    await writer.ask('COMMIT')
    await until(() => done(site, 'a').length === 1)
  })

  it('tells once of a site that is missing, and works on it when it is back', async () => {
    const site = prepare()
    renameSync(site, `${site}.away`)
    const { problems } = await start(site)
    await until(() => problems.length > 0)
    renameSync(`${site}.away`, site)
    await until(() => done(site, 'a').length === 1)
    expect(problems).toMatchObject([{ kind: 'store', store: site, code: 'NOT_A_STORE' }])
  })

  it('looks at once when it is told to', async () => {
    const site = prepare()
    const { worker } = await start(site, { pollInterval: 600_000 })
    await until(() => done(site, 'b').length === 1)
    add(site, 'a', 2)
    worker.look()
    await until(() => done(site, 'a').length === 2)
  })

  it('stops at once when it rests', async () => {
    const { worker } = await start(prepare(), { pollInterval: 600_000 })
    const before = performance.now()
    await worker.stop()
    await worker.stop()
    expect(performance.now() - before).toBeLessThan(1000)
    worker.look()
  })

  it('stops within a second in the middle of long work, which is undone and done again later', async () => {
    const site = prepare({ a: { name: 'slow' } })
    const { worker, problems } = await start(site)
    await until(() => done(site, 'site').length === 1)
    await new Promise(resolve => setTimeout(resolve, 200))
    const before = performance.now()
    await worker.stop()
    expect(performance.now() - before).toBeLessThan(1500)
    expect([done(site, 'a'), problems]).toEqual([[], []])
    {
      using store = Store.open(storePath(site, 'a'))
      store.findUnique(Tracer).name = 'quick'
    }
    await start(site)
    await until(() => done(site, 'a').length > 0)
    expect(done(site, 'a')).toEqual([1])
  })

  it('takes modules from files only, and says at once when one cannot be loaded', async () => {
    const site = prepare()
    for (const url of ['data:text/javascript,1', 'node:fs', 'https://example.com/x.js'])
      await expect(start(site, { modules: [new URL(url)] })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(start(site, { modules: [module('nothing.mjs')] })).rejects.toThrow(/nothing\.mjs/)
    expect(done(site, 'site')).toEqual([])
  })

  it('begins again when its thread ends by itself', async () => {
    const site = prepare()
    const { problems } = await start(site, { modules: [module('stray.mjs')] })
    await until(() => problems.length >= 2)
    expect(problems.slice(0, 2)).toEqual([
      { kind: 'thread', message: 'stray' },
      { kind: 'thread', message: 'stray' },
    ])
    add(site, 'a', 2)
    await until(() => done(site, 'a').length === 2)
    expect(done(site, 'a')).toEqual([1, 2])
  })
})

describe('the rounds through a site', () => {
  /** Which stores the next rounds open. */
  function openedBy(rounds: SiteRounds, site: string): string[] {
    const opened = new Set<string>()
    sqlTrace.listener = (_sql, directory) => opened.add(String(directory))
    try {
      for (const _ of rounds.untilRest());
    } finally {
      sqlTrace.listener = undefined
    }
    return ['site', 'a', 'b'].filter(name => opened.has(storePath(site, name)))
  }

  /** As if the last write to any store had been some time ago. */
  function age(site: string): void {
    const before = new Date(Date.now() - 5000)
    for (const name of ['site', 'a', 'b']) utimesSync(join(storePath(site, name), 'db.sqlite'), before, before)
  }

  it('pass over stores in which nothing has changed since there was nothing to do', () => {
    const site = prepare()
    const rounds = new SiteRounds(site, problem => expect(problem).toBeUndefined())
    expect(openedBy(rounds, site)).toEqual(['site', 'a', 'b'])
    age(site)
    openedBy(rounds, site)
    expect(openedBy(rounds, site)).toEqual(['site'])
    add(site, 'a', 2)
    expect(openedBy(rounds, site)).toEqual(['site', 'a'])
    expect(done(site, 'a')).toEqual([1, 2])
  })

  it('look again at a store that was written to a moment ago', () => {
    const site = prepare()
    const rounds = new SiteRounds(site, problem => expect(problem).toBeUndefined())
    for (let round = 0; round < 3; round += 1) expect(openedBy(rounds, site)).toEqual(['site', 'a', 'b'])
  })
})
