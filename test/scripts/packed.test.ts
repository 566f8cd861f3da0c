import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { installPacked } from '../support/packed-install.mjs'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('is packed whole, and runs where it is installed', { timeout: 120_000 }, () => {
  const directory = temporaryDirectory()
  const { files } = installPacked(directory)
  expect(files).toEqual(
    expect.arrayContaining([
      'package.json',
      'README.md',
      'LICENSE',
      'bin/mantissa.js',
      'dist/main.js',
      'dist/index.d.ts',
    ]),
  )
  const expected = /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|bin\/|dist\/|docs\/)/
  expect(files.filter(file => !expected.test(file))).toEqual(['fixtures/divmod-site.axiom.tar.gz'])
  expect(files.filter(file => file.endsWith('.map'))).toEqual([])

  const node = (...words: string[]) => spawnSync(process.execPath, words, { cwd: directory, encoding: 'utf8' })
  const program = join(directory, 'node_modules', 'mantissa', 'bin', 'mantissa.js')
  expect(node(program, '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const made = node(program, 'create-site', 'packed.axiom')
  expect(made.stderr).toBe('')
  expect(made.status).toBe(0)
  const imported = node(
    '--input-type=module',
    '-e',
    "import { defineOffering } from 'mantissa'; console.log(typeof defineOffering)",
  )
  expect(imported.stderr + imported.stdout).toBe('function\n')
})
