import { describe, expect, it } from 'vitest'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { Store } from '../../../src/store-engine/store.js'
import { recordSystemVersion } from '../../../src/store-engine/versions/record-system-version.js'
import { SoftwareVersion, SystemVersion } from '../../../src/store-engine/versions/system-version.js'
import { lastRecordedVersions, listVersionHistory } from '../../../src/store-engine/versions/version-history.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { statementsOf } from '../statements-of.js'

const at = (hour: number) => Timestamp.parse(`2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`)
const foo = (version: string) => [{ package: 'foo', version }]

describe('the software that works on a store', () => {
  it('behaviour 66: is recorded when it starts to, never by opening', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    Store.create(directory).close()
    {
      using store = Store.open(directory)
      expect([lastRecordedVersions(store), listVersionHistory(store), store.typesOnDisk()]).toEqual([undefined, [], []])
      expect(recordSystemVersion(store, foo('1.2.3'), at(1))).toBe(true)
    }
    using store = Store.open(directory)
    expect(listVersionHistory(store)).toEqual([{ recorded: at(1), software: foo('1.2.3') }])
  })

  it('behaviour 68: is recorded again only on change, and on going back too', () => {
    using store = Store.inMemory()
    const recorded = ['1.2.3', '1.2.3', '1.3.3', '1.2.3', '1.2.3'].map((version, hour) =>
      recordSystemVersion(store, foo(version), at(hour)),
    )
    expect(recorded).toEqual([true, false, true, true, false])
    expect(listVersionHistory(store)).toEqual([
      { recorded: at(3), software: foo('1.2.3') },
      { recorded: at(2), software: foo('1.3.3') },
      { recorded: at(0), software: foo('1.2.3') },
    ])
  })

  it('is another set when a package comes or goes, and the same in another order', () => {
    using store = Store.inMemory()
    const bar = { package: 'bar', version: '2' }
    const sets = [foo('1'), [...foo('1'), bar], [bar, ...foo('1')], [bar], []]
    expect(sets.map((software, hour) => recordSystemVersion(store, software, at(hour)))).toEqual([
      ...[true, true, false, true, true],
    ])
    expect(lastRecordedVersions(store)).toEqual([])
  })

  it('is told in the order of recording where a clock was set back', () => {
    using store = Store.inMemory()
    for (const hour of [5, 3]) recordSystemVersion(store, foo(String(hour)), at(hour))
    expect(recordSystemVersion(store, foo('3'), at(4))).toBe(false)
    expect(listVersionHistory(store).map(({ recorded }) => recorded)).toEqual([at(3), at(5)])
  })

  it('has numbers as far as the version says them', () => {
    using store = Store.inMemory()
    const versions = ['0.9.0', '1.2.3-beta.4', '7', 'unknown', '1.2.3.4']
    recordSystemVersion(
      store,
      versions.map((version, index) => ({ package: `p${index}`, version })),
      at(1),
    )
    const numbers = [...store.query(SoftwareVersion)].map(({ major, minor, micro }) => [major, minor, micro])
    expect(numbers).toEqual([
      [0, 9, 0],
      [1, 2, 3],
      [7, 0, 0],
      [0, 0, 0],
      [1, 2, 3],
    ])
  })

  it('a package that is given twice is refused', () => {
    using store = Store.inMemory()
    const twice = () => recordSystemVersion(store, [...foo('1'), ...foo('2')], at(1))
    expect(twice).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
    expect(store.query(SystemVersion).count()).toBe(0)
  })

  it('lies on disk as the original writes it', () => {
    using store = Store.inMemory()
    recordSystemVersion(store, foo('1.2.3'), at(1))
    expect(statementsOf(store, 'axiom_listversions_systemversion', 'axiom_listversions_softwareversion')).toEqual([
      'CREATE INDEX axiomidx_axiom_listversions_softwareversion_v1_systemVersion ON item_axiom_listversions_softwareversion_v1([systemVersion])',
      'CREATE TABLE item_axiom_listversions_softwareversion_v1 (oid INTEGER PRIMARY KEY, [major] INTEGER, [micro] INTEGER, [minor] INTEGER, [package] TEXT COLLATE NOCASE, [systemVersion] INTEGER, [version] TEXT COLLATE NOCASE)',
      'CREATE TABLE item_axiom_listversions_systemversion_v1 (oid INTEGER PRIMARY KEY, [creation] INTEGER)',
    ])
    const allowNull = store.typesOnDisk().flatMap(({ attributes }) => attributes.map(each => each.allowNull))
    expect(new Set(allowNull)).toEqual(new Set([false]))
  })
})
