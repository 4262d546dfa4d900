import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import { CLI } from '../helpers/cli.js';
import { commandContext } from '../helpers/command-context.js';
import { commandsIn } from '../helpers/commands.js';
import { reportsFolder } from '../helpers/reports-folder.js';

import { printedBy } from './run-in-test.js';

/** From the real program, which must print nothing else. */
function completions(...words: string[]): string[] {
  const args = [CLI, '--get-yargs-completions', 'okta-csv-import', ...words];
  const env = { ...process.env, SHELL: '/bin/bash' };
  return execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trimEnd().split('\n');
}

/** The same inside this process. */
async function completionsIn(shell: string, ...words: string[]): Promise<string[]> {
  const context = commandContext({ env: { SHELL: shell } });
  await runCommandLine(['--get-yargs-completions', 'okta-csv-import', ...words], context);
  expect(context.printed.stderr).toBe('');
  return context.printed.stdout.trimEnd().split('\n');
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
  ['fish', '/usr/bin/fish', /^complete .*-c okta-csv-import /m],
])('prints a script for %s', async (_, shell, registration) => {
  const script = execFileSync(process.execPath, [CLI, 'completion'], {
    env: { ...process.env, SHELL: shell },
    encoding: 'utf8',
  });

  expect(script).toMatch(registration);
  expect(script).toContain('--get-yargs-completions');
  // The other shells are not installed everywhere, and bash cannot read their scripts.
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

it.each<[what: string, words: string[]]>([
  ['the file of a command', ['import', '']],
  ['the beginning of the file', ['validate', '--org', 'peo']],
  ['a flag that takes a file', ['import', 'people.csv', '--mapping', '']],
  ['a flag that takes a folder', ['undo', '--reports', '']],
  ['a run folder', ['undo', 'reports/']],
])('leaves %s to the shell, which completes paths', async (_, words) => {
  expect(await completionsIn('bash', ...words)).toEqual(['']);
});

it('completes flags after the file, and the values of flags without a path', async () => {
  expect(await completionsIn('bash', 'import', 'people.csv', '')).toContain('--mapping');
  expect(await completionsIn('bash', 'import', '--if-exists', '')).toEqual(['fail', 'skip', 'update']);
});

it('prints a script for fish that completes file names where there is nothing else', () => {
  const env = { ...process.env, SHELL: '/usr/bin/fish' };
  const script = execFileSync(process.execPath, [CLI, 'completion'], { env, encoding: 'utf8' });

  expect(script).toContain('(commandline -opc) (commandline -ct)');
  expect(script).toContain('__fish_complete_path');
});

/** A reports folder. */
async function nights(): Promise<string> {
  const reports = await reportsFolder();
  await reports.run('night-1', { startedAt: '2026-11-23T02:00:00.000Z' });
  await reports.run('night-2', { startedAt: '2026-11-24T02:00:00.000Z', command: 'sync' });
  await reports.run('night-2-undo', { startedAt: '2026-11-25T02:00:00.000Z', command: 'undo' });
  reports.dryRun('check', { startedAt: '2026-11-26T02:00:00.000Z' });
  return reports.path;
}

describe('the word that names a run', () => {
  const IMPORTS = ['last', 'night-2', 'night-1'];

  it.each(['resume', 'verify', 'activate', 'undo'])('is completed by the imports after %s', async (verb) => {
    expect(await completionsIn('bash', verb, '--reports', await nights(), '')).toEqual(IMPORTS);
  });

  it('is completed by all runs after report', async () => {
    const printed = await completionsIn('bash', 'report', '--reports', await nights(), '');

    expect(printed).toEqual(['last', 'check', 'night-2-undo', 'night-2', 'night-1']);
  });

  it.each<[what: string, words: (reports: string) => string[], expected: string[]]>([
    ['its beginning', (reports) => ['undo', '--reports', reports, 'night-2'], ['night-2']],
    ['a flag with =', (reports) => [`--reports=${reports}`, 'undo', ''], IMPORTS],
    ['a flag with =, as bash splits it', (reports) => ['undo', '--reports', '=', reports, ''], IMPORTS],
    ['other flags', (reports) => ['undo', '--force', '--org-url', 'x', '--reports', reports, ''], IMPORTS],
    ['a beginning of no run', (reports) => ['undo', '--reports', reports, 'x'], ['']],
    ['a reports folder that does not exist', () => ['undo', '--reports', 'none', ''], ['']],
  ])('is completed after %s', async (_, words, expected) => {
    expect(await completionsIn('bash', ...words(await nights()))).toEqual(expected);
  });

  it.each<[what: string, words: (reports: string) => string[]]>([
    ['a command that takes none', (reports) => ['import', '--reports', reports, '']],
    ['a run', (reports) => ['undo', '--reports', reports, 'night-1', '']],
    ['a flag that takes a value', (reports) => ['undo', '--reports', reports, '--org-url', '']],
    ['the beginning of a flag', (reports) => ['undo', '--reports', reports, '--']],
    ['the beginning of a path', (reports) => ['undo', '--reports', reports, './']],
    ['nothing', (reports) => ['--reports', reports, '']],
  ])('is not completed after %s', async (_, words) => {
    const printed = await completionsIn('bash', ...words(await nights()));

    expect(printed.filter((word) => word.startsWith('night') || word === 'last')).toEqual([]);
  });

  it.each([
    ['zsh', ':'],
    ['fish', '\t'],
  ])('is described in %s', async (shell, separator) => {
    const printed = await completionsIn(`/bin/${shell}`, 'report', '--reports', await nights(), '');

    expect(printed).toEqual(
      [
        ['last', 'the newest run'],
        ['check', 'validate of people.csv'],
        ['night-2-undo', 'undo of people.csv'],
        ['night-2', 'sync of people.csv'],
        ['night-1', 'import of people.csv'],
      ].map((words) => words.join(separator)),
    );
  });

  it('is completed in a shell that has loaded the script', async () => {
    const printed = execFileSync(
      'bash',
      [
        '-c',
        [
          'okta-csv-import() { "$NODE" "$CLI" "$@"; }',
          'source <(okta-csv-import completion)',
          'COMP_WORDS=(okta-csv-import undo --reports "$REPORTS" night-1) COMP_CWORD=4',
          '_okta-csv-import_yargs_completions',
          'printf "%s\\n" "${COMPREPLY[@]}"',
        ].join('\n'),
      ],
      {
        env: { ...process.env, SHELL: '/bin/bash', NODE: process.execPath, CLI, REPORTS: await nights() },
        encoding: 'utf8',
      },
    );

    expect(printed).toBe('night-1\n');
  });
});
