import { describe, expect, it } from 'vitest'
import { bareSql, findingsIn, smallSite } from './small-site.js'

describe('a check of a site of a stranger', () => {
  it.each([
    ['bytes among the numbers of an account', `UPDATE item_login_v3 SET disabled = x'00ff'`],
    ['bytes among the numbers of an address', `UPDATE item_login_method_v2 SET internal = x'01'`],
    ['a path with a zero in it', `UPDATE item_substore_v1 SET storepath = 'a' || char(0) || 'b'`],
    [
      'a time that is a text',
      `INSERT INTO axiom_types (typename, module, version) VALUES ('timed_event', 'm', 1), ('axiom_subscheduler_parent_hook', 'm', 4);
       CREATE TABLE item_timed_event_v1 (oid INTEGER PRIMARY KEY, runnable INTEGER, time INTEGER);
       CREATE TABLE item_axiom_subscheduler_parent_hook_v4 (oid INTEGER PRIMARY KEY, subStore INTEGER);
       INSERT INTO item_axiom_subscheduler_parent_hook_v4 SELECT oid + 1000, oid FROM item_substore_v1;
       INSERT INTO item_timed_event_v1 SELECT oid + 1000, oid, 'soon' FROM item_axiom_subscheduler_parent_hook_v4`,
    ],
    [
      'a deed that is no JSON',
      `INSERT INTO mantissa_deed (id, kind, session, detail, created) VALUES ('D', 'sync-user-store', 'gone', 'no', 0)`,
    ],
  ])('ends, whatever stands in its rows: %s', async (_, sql) => {
    const { directory } = smallSite()
    bareSql(directory, sql, `UPDATE item_substore_v1 SET storepath = storepath || 'x' WHERE storepath LIKE '%bob%'`)
    const codes = (await findingsIn(directory)).map(({ code }) => code)
    expect(codes.length).toBeGreaterThan(0)
    expect(codes).toContain('STORE_ORPHANED')
  })

  it('tells of a site that is fenced itself', async () => {
    const { directory } = smallSite()
    bareSql(directory, `CREATE TABLE mantissa_fence (only_one, store_id, epoch, owner, state, transfer_id)`)
    bareSql(directory, `INSERT INTO mantissa_fence VALUES (1, 'S', 1, 'O', 'sealed', 'T')`)
    expect(await findingsIn(directory)).toMatchObject([{ code: 'FENCE_UNEXPLAINED', store: '.' }])
  })
})
