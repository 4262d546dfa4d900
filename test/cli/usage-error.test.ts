import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import { commandContext } from '../helpers/command-context.js';
import { commandsIn } from '../helpers/commands.js';
import { workplace } from '../helpers/workplace.js';

import { printedBy, usageErrorOf } from './run-in-test.js';

const help = await printedBy('--help');

it.each(commandsIn(help))('suggests "%s" when it is misspelled', async (command) => {
  const misspelled = `${command.slice(0, -1)}x${command.slice(-1)}`;

  expect(await usageErrorOf(misspelled)).toBe(
    `okta-csv-import: Unknown command "${misspelled}". Did you mean "${command}"?\nSee okta-csv-import --help.\n`,
  );
});

it.each([
  [['import', 'a.csv', '--if-exists', 'upate'], 'not "upate". Did you mean "update"?', 'import'],
  [['list', '--format', 'jsno'], 'not "jsno". Did you mean "json"?', 'list'],
  [
    ['get', 'me', '--format', 'pictures'],
    '--format takes "json", "yaml", or "table", not "pictures".',
    'get',
  ],
  [['undo', 'a-run', '--yess'], 'Unknown flag --yess. Did you mean --yes?', 'undo'],
])('suggests the valid word for %j', async (args, message, command) => {
  const stderr = await usageErrorOf(...args);

  expect(stderr.slice(-400)).toContain(`${message}\nSee okta-csv-import ${command} --help.\n`);
});

it.each([...help.matchAll(/^ {2}([a-z]+) (<\w+>)/gm)].map(([, name, what]) => [name!, what!]))(
  'names what "%s" takes when %s is missing',
  async (command, what) => {
    const stderr = await usageErrorOf(command, '--verbose');

    expect(stderr.slice(-200)).toMatch(
      new RegExp(
        `Name the .*: okta-csv-import ${command} ${what}(?: \\(or --dataset <name>\\))?\\nSee okta-csv-import ${command} --help\\.\\n$`,
      ),
    );
  },
);

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
    expect(await usageErrorOf(...args)).toContain(`${usage.split(' ')[0]} needs a value: ${usage}\n`);
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
  ])('is named, even if it seems to have the file as its value: %j', async (args, message) => {
    expect(await usageErrorOf(...args)).toContain(`okta-csv-import: ${message}`);
  });

  it.each(['-people.csv', '--people.csv', '-people'])('may be a file name: %s', async (name) => {
    expect(await usageErrorOf('validate', name)).toContain(
      `Unknown flag ${name}. If it is a file name, write ./${name}.\n`,
    );
  });
});

it('takes what follows -- as a file name', async () => {
  expect(await usageErrorOf('validate', '--quiet', '--', '--people.csv')).toContain(
    '--people.csv does not exist.',
  );
  expect(await usageErrorOf('validate', '--', 'one.csv', 'two.csv')).toContain(
    'Unexpected argument: "two.csv".',
  );
});

it.each(['resume', 'activate', 'verify', 'undo'])(
  '%s reports a run that does not exist before missing org settings',
  async (command) => {
    const message = await usageErrorOf(command, 'nope');

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

  const printed = context.printed.stdout + context.printed.stderr;
  expect(printed).toContain('OKTA_CLIENT_ORGURL');
  expect(printed.includes('--sandbox')).toBe(isOffered);
});
