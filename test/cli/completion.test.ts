import { execFileSync } from 'node:child_process';

import { expect, it } from 'vitest';

import { CLI } from '../helpers/cli.js';
import { commandsIn } from '../helpers/commands.js';

import { printedBy } from './run-in-test.js';

/** From the real program, which must print nothing else. */
function completions(...words: string[]): string[] {
  const args = [CLI, '--get-yargs-completions', 'okta-csv-import', ...words];
  const env = { ...process.env, SHELL: '/bin/bash' };
  return execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trimEnd().split('\n');
}

it('completes commands', async () => {
  expect(completions('')).toEqual(commandsIn(await printedBy('--help')));
});

it('completes the flags of a command and their choices', () => {
  const flags = completions('import', '--');

  expect(flags).toEqual(expect.arrayContaining(['--mapping', '--if-exists', '--sandbox']));
  expect(flags).not.toContain('--per-minute');
  expect(flags.length).toBe(new Set(flags).size);
  expect(completions('import', 'people.csv', '--if-exists', '')).toEqual(['fail', 'skip', 'update']);
});

it.each([
  ['bash', '/bin/bash', /complete .*-F \S+ okta-csv-import$/m],
  ['zsh', '/bin/zsh', /^#compdef okta-csv-import$/m],
])('prints a script for %s', async (_, shell, registration) => {
  const script = execFileSync(process.execPath, [CLI, 'completion'], {
    env: { ...process.env, SHELL: shell },
    encoding: 'utf8',
  });

  expect(script).toMatch(registration);
  expect(script).toContain('--get-yargs-completions');
  // zsh is not installed everywhere, and bash cannot read its script.
  if (shell === '/bin/bash') execFileSync('bash', ['-n'], { input: script });
});

it('describes the shell as that of $SHELL', async () => {
  expect((await printedBy('completion', '--help')).replaceAll(/\s+/g, ' ')).toContain('that $SHELL names');
});

it('completes in a shell that has loaded the script', () => {
  const printed = execFileSync(
    'bash',
    [
      '-c',
      [
        'okta-csv-import() { "$NODE" "$CLI" "$@"; }',
        'source <(okta-csv-import completion)',
        'COMP_WORDS=(okta-csv-import import people.csv --if-ex) COMP_CWORD=3',
        '_okta-csv-import_yargs_completions',
        'printf "%s\\n" "${COMPREPLY[@]}"',
      ].join('\n'),
    ],
    { env: { ...process.env, SHELL: '/bin/bash', NODE: process.execPath, CLI }, encoding: 'utf8' },
  );

  expect(printed).toBe('--if-exists\n');
});
