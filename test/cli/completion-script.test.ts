import { spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { completionScript } from '../../src/cli/completion-script.js'

const program = new Command('mantissa').option('--json', 'print JSON')
program.command('users').summary("list the site's accounts").option('--domain <name>', 'of one domain')
const offering = program.command('offering').summary('offerings: what can be installed')
offering.command('install').summary('install one')
offering.command('list').summary('list them')
program.command('secret', { hidden: true })

function completeInBash(...words: readonly string[]): string[] {
  const script = `${completionScript(program, 'bash')}
COMP_WORDS=(${['mantissa', ...words].map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_mantissa; printf '%s\\n' "\${COMPREPLY[@]}"`
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean)
}

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0

describe.runIf(has('bash'))('bash', () => {
  it('completes verbs', () => {
    expect(completeInBash('us')).toEqual(['users'])
    expect(completeInBash('')).toEqual(expect.arrayContaining(['users', 'offering', '--json']))
  })

  it('completes the verbs of a group, also after options', () => {
    expect(completeInBash('offering', 'in')).toEqual(['install'])
    expect(completeInBash('--json', 'offering', 'li')).toEqual(['list'])
  })

  it('completes the options of a verb and of every verb', () => {
    expect(completeInBash('users', '--')).toEqual(expect.arrayContaining(['--domain', '--json', '--help']))
  })

  it('does not tell of hidden verbs', () => {
    expect(completeInBash('sec')).toEqual([])
  })
})

it.each(['bash', 'zsh', 'fish'] as const)('writes a script that %s can read, where there is one', shell => {
  const script = completionScript(program, shell)
  expect(script).toContain('install')
  expect(script).not.toContain('secret')
  if (!has(shell)) return
  const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})
