import { describe, expect, it } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import { commandContext } from '../helpers/command-context.js';

import { printedBy, usageErrorOf } from './run-in-test.js';

describe('the version', () => {
  it.each(['--version', '-v', '-V'])('is printed for %s', async (flag) => {
    expect(await printedBy(flag)).toBe('0.0.0\n');
  });

  it('is not what -v after a command means', async () => {
    expect(await usageErrorOf('import', 'people.csv', '-v')).toContain('Did you mean --verbose?');
  });
});

describe('help', () => {
  it.each([
    [['help'], ['--help']],
    [
      ['help', 'import'],
      ['import', '--help'],
    ],
    [
      ['help', 'undo', '--verbose'],
      ['undo', '--help'],
    ],
    [['help', 'help'], ['--help']],
    [['--verbose', 'help'], ['--help']],
  ])('as the command %j prints the help of %j', async (words, flags) => {
    expect(await printedBy(...words)).toBe(await printedBy(...flags));
  });

  it('of a mistyped command names the nearest one', async () => {
    expect(await usageErrorOf('help', 'imprt')).toContain('Unknown command "imprt". Did you mean "import"?');
  });

  it('is what a command line without a command leads to, with something to try', async () => {
    const stderr = await usageErrorOf();

    expect(stderr).toContain('See okta-csv-import --help.');
    expect(stderr).toContain('okta-csv-import import people.csv --sandbox');
  });

  it('does not write the log file of a command line that only asks for help', async () => {
    const context = commandContext();

    expect(await runCommandLine(['help', 'import', '--log-file', 'no/such/folder/x'], context)).toBe(0);
  });
});

it.each([
  [['list', '--json'], '--format json'],
  [['list', '--ndjson'], '--format ndjson'],
  [['get', 'me', '--yaml'], '--format yaml'],
  [['import', 'people.csv', '--update'], '--if-exists update'],
  [['sync', 'people.csv', '--dataset', 'staff', '--deactivate'], '--leavers deactivate'],
])('%j: a choice that was typed as a flag is suggested with its flag', async (args, flag) => {
  const typed = args.at(-1)!;

  expect(await usageErrorOf(...args)).toContain(`Unknown flag ${typed}. Did you mean ${flag}?`);
});
