import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import { CLI } from '../helpers/cli.js';
import { commandsIn } from '../helpers/commands.js';
import { surroundings } from '../helpers/surroundings.js';

async function printed(...args: string[]): Promise<string> {
  const around = surroundings();
  expect(await runCommandLine(args, {}, around)).toBe(0);
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

it('names its commands', () => {
  expect(commands).toEqual(expect.arrayContaining(['import', 'validate', 'resume', 'undo', 'whoami']));
});

describe.each(['', ...commands])('the help of "%s"', (command) => {
  const help = () => printed(...command.split(' ').filter((word) => word !== ''), '--help');

  it('shows examples before anything that is looked up', async () => {
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

  it('says of every flag what it does, under a heading', async () => {
    const lists = listsOf(await help());
    // What belongs nowhere is put there by yargs.
    expect([...lists.keys()]).not.toContain('Options:');

    const flags = [...lists]
      .filter(([heading]) => !['Examples:', 'Commands:'].includes(heading))
      .flatMap(([, lines]) => lines.split(/\n(?= {2,6}-)/));
    expect(flags.length).toBeGreaterThanOrEqual(1);
    for (const flag of flags) {
      expect(flag).toMatch(/^ {2,6}(?:-\w(?:, )?)?(?:--[\w-]+|\w*) +[A-Z]\S*/);
      expect(flag).not.toContain('[boolean]');
    }
  });
});

it('speaks English whatever the machine speaks', async () => {
  const help = execFileSync(process.execPath, [CLI, 'get', '--help'], {
    env: { ...process.env, LC_ALL: 'de_DE.UTF-8' },
    encoding: 'utf8',
  });

  expect(help).toBe(await printed('get', '--help'));
});

/** What is said of a command line that is refused. */
async function refusal(...args: string[]): Promise<string> {
  const around = surroundings();
  expect(await runCommandLine(args, {}, around)).toBe(2);
  expect(around.said.stdout).toBe('');
  return around.said.stderr;
}

it.each(commands)('knows what is meant when "%s" is misspelt', async (command) => {
  const misspelt = `${command.slice(0, -1)}x${command.slice(-1)}`;

  expect(await refusal(misspelt)).toBe(
    `okta-csv-import: There is no command "${misspelt}". Did you mean "${command}"?\nSee okta-csv-import --help.\n`,
  );
});

it.each([
  [['import', 'a.csv', '--if-exists', 'upate'], 'not "upate". Did you mean "update"?', 'import'],
  [['list', '--format', 'jsno'], 'not "jsno". Did you mean "json"?', 'list'],
  [['get', 'me', '--format', 'pictures'], '--format takes "json", "yaml", "table", not "pictures".', 'get'],
  [['undo', 'a-run', '--yess'], 'There is no flag --yess. Did you mean --yes?', 'undo'],
])('says of %j what is meant', async (args, message, command) => {
  const said = await refusal(...args);

  expect(said.slice(-400)).toContain(`${message}\nSee okta-csv-import ${command} --help.\n`);
});

it.each(
  [...(await printed('--help')).matchAll(/^ {2}([a-z]+) (<\w+>)/gm)].map(([, name, what]) => [name!, what!]),
)('says what "%s" takes when %s is missing', async (command, what) => {
  const said = await refusal(command, '--verbose');

  expect(said.slice(-200)).toMatch(
    new RegExp(
      `Name the .*: okta-csv-import ${command} ${what}\\nSee okta-csv-import ${command} --help\\.\\n$`,
    ),
  );
});

it('says of undo that users are deleted for good, and what stays', async () => {
  const help = (await printed('undo', '--help')).replaceAll(/\s+/g, ' ');

  expect(help).toContain('users it created are deleted for good');
  expect(help).toMatch(/--force .*changed since as well; without it such users and values stay/);
});

/** From the program itself: nothing else may be printed along with them. */
function completions(...words: string[]): string[] {
  const args = [CLI, '--get-yargs-completions', 'okta-csv-import', ...words];
  const env = { ...process.env, SHELL: '/bin/bash' };
  return execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trimEnd().split('\n');
}

describe('completion', () => {
  it('knows the commands', () => {
    expect(completions('')).toEqual(commands);
  });

  it('knows the flags of a command, and what they take', () => {
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
    // zsh's own is not at hand everywhere; what bash cannot read is for zsh alone.
    if (shell === '/bin/bash') execFileSync('bash', ['-n'], { input: script });
  });

  it('says that the shell is that of $SHELL', async () => {
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
