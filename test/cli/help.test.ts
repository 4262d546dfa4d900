import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import { CLI } from '../helpers/cli.js';
import { COMMAND_GROUPS } from '../../src/cli/command.js';
import { commandsIn } from '../helpers/commands.js';
import { commandContext } from '../helpers/command-context.js';
import { workplace } from '../helpers/workplace.js';

async function printed(...args: string[]): Promise<string> {
  const around = commandContext();
  expect(await runCommandLine(args, around)).toBe(0);
  return around.said.stdout;
}

/** Headings and the lines below them. */
function listsOf(help: string): ReadonlyMap<string, string> {
  return new Map(
    help
      .split('\n\n')
      .map((block) => /^([A-Z][\w ]*:)\n(.*)$/s.exec(block))
      .filter((found) => found !== null)
      .map(([, heading, lines]) => [heading!, lines!]),
  );
}

const commands = commandsIn(await printed('--help'));

it('lists its commands', () => {
  expect(commands).toEqual(expect.arrayContaining(['import', 'validate', 'resume', 'undo', 'whoami']));
});

describe.each(['', ...commands])('the help of "%s"', (command) => {
  const help = () => printed(...command.split(' ').filter((word) => word !== ''), '--help');

  it('shows examples first', async () => {
    const lists = listsOf(await help());

    expect([...lists.keys()][0]).toBe('Examples:');
    // Each can be copied: a line of its own that was not broken.
    for (const line of lists.get('Examples:')!.split('\n')) {
      expect(line).toMatch(command === '' ? /^ {2}(# |okta-csv-import )/ : /^ {2}(# .|okta-csv-import \w)/);
      expect(line).not.toMatch(/\$0/);
    }
    expect(lists.get('Examples:')).toContain(`okta-csv-import ${command}`);
  });

  it('fits into 80 columns', async () => {
    const lines = (await help()).split('\n');

    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('describes every flag, under a heading', async () => {
    const lists = listsOf(await help());
    const flags = [...lists]
      .filter(([heading]) => ![...COMMAND_GROUPS, 'Examples'].includes(heading.slice(0, -1)))
      .flatMap(([, lines]) => lines.split(/\n(?= {2,6}-)/));
    expect(flags.length).toBeGreaterThanOrEqual(1);
    for (const flag of flags) {
      expect(flag).toMatch(/^ {2,6}(?:-\w(?:, )?)?(?:--[\w-]+|\w*)(?: <\S+>)? {2,}[A-Z]\S*/);
      expect(flag.trimEnd().split('\n').slice(2)).toEqual([]);
    }
  });
});

it('is in English whatever the locale', async () => {
  const help = execFileSync(process.execPath, [CLI, 'get', '--help'], {
    env: { ...process.env, LC_ALL: 'de_DE.UTF-8' },
    encoding: 'utf8',
  });

  expect(help).toBe(await printed('get', '--help'));
});

/** What is printed about a command line with a mistake. */
async function refusal(...args: string[]): Promise<string> {
  const around = commandContext();
  expect(await runCommandLine(args, around)).toBe(2);
  expect(around.said.stdout).toBe('');
  return around.said.stderr;
}

it.each(commands)('suggests "%s" when it is misspelled', async (command) => {
  const misspelled = `${command.slice(0, -1)}x${command.slice(-1)}`;

  expect(await refusal(misspelled)).toBe(
    `okta-csv-import: Unknown command "${misspelled}". Did you mean "${command}"?\nSee okta-csv-import --help.\n`,
  );
});

it.each([
  [['import', 'a.csv', '--if-exists', 'upate'], 'not "upate". Did you mean "update"?', 'import'],
  [['list', '--format', 'jsno'], 'not "jsno". Did you mean "json"?', 'list'],
  [['get', 'me', '--format', 'pictures'], '--format takes "json", "yaml", "table", not "pictures".', 'get'],
  [['undo', 'a-run', '--yess'], 'Unknown flag --yess. Did you mean --yes?', 'undo'],
])('suggests the valid word for %j', async (args, message, command) => {
  const said = await refusal(...args);

  expect(said.slice(-400)).toContain(`${message}\nSee okta-csv-import ${command} --help.\n`);
});

it.each(
  [...(await printed('--help')).matchAll(/^ {2}([a-z]+) (<\w+>)/gm)].map(([, name, what]) => [name!, what!]),
)('names what "%s" takes when %s is missing', async (command, what) => {
  const said = await refusal(command, '--verbose');

  expect(said.slice(-200)).toMatch(
    new RegExp(
      `Name the .*: okta-csv-import ${command} ${what}\\nSee okta-csv-import ${command} --help\\.\\n$`,
    ),
  );
});

it('warns that undo deletes users for good, and lists what stays', async () => {
  const help = (await printed('undo', '--help')).replaceAll(/\s+/g, ' ');

  expect(help).toContain('users it created are deleted for good');
  expect(help).toMatch(/--force .*users and values that were changed since; by default these stay/);
});

/** From the real program: nothing else may be printed along with them. */
function completions(...words: string[]): string[] {
  const args = [CLI, '--get-yargs-completions', 'okta-csv-import', ...words];
  const env = { ...process.env, SHELL: '/bin/bash' };
  return execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trimEnd().split('\n');
}

describe('a flag that needs a value', () => {
  it.each([
    [['import', 'people.csv', '--concurrency'], '--concurrency <n>'],
    [['import', 'people.csv', '--concurrency='], '--concurrency <n>'],
    [['import', 'people.csv', '--give-up-after', ''], '--give-up-after <seconds>'],
    [['import', 'people.csv', '--mapping', '--sandbox'], '--mapping <file>'],
    [['import', '--group', '-x', 'people.csv'], '--group <name|id>'],
    [['import', '--log-file', '', 'people.csv'], '--log-file <file>'],
    [['mapping', 'people.csv', '-o'], '--output <file>'],
    [['list', '-q'], '-q <text>'],
  ])('is a usage error without one: %j', async (args, usage) => {
    expect(await refusal(...args)).toContain(`${usage.split(' ')[0]} needs a value: ${usage}\n`);
  });
});

describe('an unknown flag', () => {
  it.each([
    [['import', '--foo', 'two.csv'], 'Unknown flag --foo.\n'],
    [['import', '--concurency', '5', 'two.csv'], 'Unknown flag --concurency. Did you mean --concurrency?\n'],
    [
      ['import', '--concurency=5', '--no-actvate'],
      'Unknown flag --concurency. Did you mean --concurrency? Unknown flag --no-actvate. Did you mean --activate?\n',
    ],
    [['import', 'two.csv', '--no-mapping'], 'Unknown flag --no-mapping.'],
    [['report', 'a-run', '--sandbox'], 'Unknown flag --sandbox.\n'],
    [['list', '--limit', '5', '-z'], 'Unknown flag -z.\n'],
  ])('is named, even where it seems to take the file: %j', async (args, message) => {
    expect(await refusal(...args)).toContain(`okta-csv-import: ${message}`);
  });

  it.each(['-people.csv', '--people.csv', '-people'])('may be a file name: %s', async (name) => {
    expect(await refusal('validate', name)).toContain(
      `Unknown flag ${name}. If it is a file name, write ./${name}.\n`,
    );
  });
});

it('takes what follows -- as a file name', async () => {
  expect(await refusal('validate', '--quiet', '--', '--people.csv')).toContain(
    '--people.csv does not exist.',
  );
  expect(await refusal('validate', '--', 'one.csv', 'two.csv')).toContain('Unexpected argument: "two.csv".');
});

it.each(['resume', 'activate', 'verify', 'undo'])(
  '%s reports a run that does not exist before missing org settings',
  async (command) => {
    const message = await refusal(command, 'nope');

    expect(message).toContain('The run "nope" does not exist');
    expect(message).not.toContain('OKTA_CLIENT');
  },
);

it.each([
  [['import', 'people.csv'], true],
  [['whoami'], true],
  [['verify', 'run'], false],
  [['undo', 'run'], false],
])('offers the sandbox only to commands that have the flag: %j', async ([command = '', word], isOffered) => {
  const at = workplace();
  mkdirSync(join(at.folder, 'run'));
  at.file('run/journal.ndjson', '');
  const context = commandContext({ env: { HOME: at.folder } });
  await runCommandLine([command, ...(word === undefined ? [] : [join(at.folder, word)])], context);

  const printed = context.said.stdout + context.said.stderr;
  expect(printed).toContain('OKTA_CLIENT_ORGURL');
  expect(printed.includes('--sandbox')).toBe(isOffered);
});

describe('completion', () => {
  it('completes commands', () => {
    expect(completions('')).toEqual(commands);
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
    expect((await printed('completion', '--help')).replaceAll(/\s+/g, ' ')).toContain('that $SHELL names');
  });

  it('completes in a shell that has loaded the script', () => {
    const said = execFileSync(
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

    expect(said).toBe('--if-exists\n');
  });
});
