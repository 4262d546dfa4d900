import { rmSync } from 'node:fs';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { cli, orgSettings } from '../helpers/cli.js';
import { peopleCsv } from '../helpers/people.js';
import { openTerminal, type TerminalSession } from '../helpers/terminal.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

async function scene() {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(7));
  const env = orgSettings(okta);
  return { okta, at, file, env };
}

function importOn(
  { at, env }: { at: Workplace; env: Record<string, string> },
  ...args: string[]
): TerminalSession {
  return openTerminal(['import', ...args], { at, columns: 100, env });
}

const QUESTION = /Go on\? Type yes:/;

it('asks at a terminal before the first import of a file, and does it after yes', async () => {
  const { okta, file, ...place } = await scene();
  const terminal = importOn(place, file);
  await terminal.shows(QUESTION);
  const asked = (await terminal.lines()).join(' ');
  expect(asked).toContain(`the first import of people.csv into ${okta.url}`);
  expect(asked).toContain('7 rows become users');
  expect(asked).toContain('Okta mails an activation link');
  expect(asked).toContain('okta-csv-import validate people.csv --org');
  expect(okta.ledger.created).toEqual([]);
  terminal.type(' Yes \n');

  expect(await terminal.exitCode).toBe(0);
  expect(okta.ledger.created).toHaveLength(7);
});

it.each([
  ['no', 'no\n', 2, 'Nothing was done: the answer was not yes.'],
  ['half a yes', 'y\n', 2, 'Nothing was done: the answer was not yes.'],
  ['the end of the input', '\u0004', 2, 'Nothing was done'],
  ['Ctrl-C', '\u0003', 130, 'Go on?'],
])('sends nothing after %s, and leaves no run behind', async (_, keys, exitCode, words) => {
  const { okta, file, ...place } = await scene();
  const terminal = importOn(place, file);
  await terminal.shows(QUESTION);
  terminal.type(keys);

  expect(await terminal.exitCode).toBe(exitCode);
  expect(terminal.written()).toContain(words);
  expect(okta.ledger.created).toEqual([]);
  expect(place.at.everyFileExcept('people.csv')).not.toContain('journal');
});

it('does not ask after a dry run of the same file with the same org', async () => {
  const { okta, file, ...place } = await scene();
  await cli(['validate', file, '--org'], place);
  const terminal = importOn(place, file);

  expect(await terminal.exitCode).toBe(0);
  expect(terminal.written()).not.toMatch(QUESTION);
  expect(okta.ledger.created).toHaveLength(7);
});

it('asks all the same when the dry run knew no org, another org or another file', async () => {
  const { file, ...place } = await scene();
  const other = await scene();
  await cli(['validate', file], place);
  await cli(['validate', file, '--org'], { at: place.at, env: other.env });
  await cli(['validate', place.at.file('others.csv', peopleCsv(8)), '--org'], place);
  const terminal = importOn(place, file);
  await terminal.shows(QUESTION);

  // In as many lines as the terminal needs.
  expect((await terminal.lines()).join(' ')).toContain('no dry run with the org came before it');
});

it('does not ask when an import of the file was begun before, even one that was killed', async () => {
  const { okta, file, ...place } = await scene();
  await cli(['import', file, '--run-id=first', '--only=1'], place);
  rmSync(`${place.at.run('first').path}/summary.json`);
  const terminal = importOn(place, file, '--only=2-7');

  expect(await terminal.exitCode).toBe(0);
  expect(okta.ledger.created).toHaveLength(7);
});

it.each([['--yes'], ['--log-format=json'], ['--sandbox']])('does not ask with %s', async (flag) => {
  const { file, ...place } = await scene();
  const terminal = importOn(place, file, flag);

  expect(await terminal.exitCode).toBe(0);
  expect(terminal.written()).not.toMatch(QUESTION);
});

it('asks nobody where no terminal is', async () => {
  const { okta, file, ...place } = await scene();
  const { exitCode, stderr } = await cli(['import', file], place);

  expect(exitCode).toBe(0);
  expect(stderr).not.toMatch(QUESTION);
  expect(okta.ledger.created).toHaveLength(7);
});
