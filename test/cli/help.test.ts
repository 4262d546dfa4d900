import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { COMMAND_GROUPS } from '../../src/cli/command.js';
import { CLI } from '../helpers/cli.js';
import { commandsIn } from '../helpers/commands.js';

import { printedBy } from './run-in-test.js';

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

const commands = commandsIn(await printedBy('--help'));

it('lists its commands', () => {
  expect(commands).toEqual(expect.arrayContaining(['import', 'validate', 'resume', 'undo', 'whoami']));
});

describe.each(['', ...commands])('the help of "%s"', (command) => {
  const help = () => printedBy(...command.split(' ').filter((word) => word !== ''), '--help');

  it('shows examples first', async () => {
    const lists = listsOf(await help());

    expect([...lists.keys()][0]).toBe('Examples:');
    // Each is on one line of its own, so that it can be copied.
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

  expect(help).toBe(await printedBy('get', '--help'));
});

it('warns that undo deletes users for good, and lists what stays', async () => {
  const help = (await printedBy('undo', '--help')).replaceAll(/\s+/g, ' ');

  expect(help).toContain('users it created are deleted for good');
  expect(help).toMatch(
    /--force .*users and values that were changed since the run; by default they are kept/,
  );
});
