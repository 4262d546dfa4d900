import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
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

const QUESTION = /Continue\? Type yes:/;

it('asks at a terminal before an import, and sends the rows after yes', async () => {
  const { okta, file, ...place } = await scene();
  const terminal = importOn(place, file);
  await terminal.shows(QUESTION);
  const asked = (await terminal.lines()).join(' ');
  expect(asked).toContain(`Import 7 rows into ${okta.url}.`);
  expect(asked).toContain('Okta emails an activation link');
  expect(asked).toContain('okta-csv-import validate people.csv --org');
  expect(okta.ledger.created).toEqual([]);
  terminal.type(' Yes \n');

  expect(await terminal.exitCode).toBe(0);
  expect(okta.ledger.created).toHaveLength(7);
});

it.each([
  ['no', 'no\n', 2, 'Nothing was changed, because the answer was not yes.'],
  ['half a yes', 'y\n', 2, 'Nothing was changed, because the answer was not yes.'],
  ['the end of the input', '\u0004', 2, 'Nothing was changed'],
  ['Ctrl-C', '\u0003', 130, 'Continue?'],
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

it('asks again after a dry run, and after an earlier import of the same file', async () => {
  const { okta, file, ...place } = await scene();
  await cli(['validate', file, '--org'], place);
  await cli(['import', file, '--only=1'], place);
  const terminal = importOn(place, file, '--only=2-7');
  await terminal.shows(QUESTION);
  terminal.type('yes\n');

  expect(await terminal.exitCode).toBe(0);
  expect(okta.ledger.created).toHaveLength(7);
});

it('suggests the dry run with the flags of the import', async () => {
  const { file, ...place } = await scene();
  const terminal = importOn(place, file, '--no-activate', '--if-exists=update');
  await terminal.shows(QUESTION);

  expect((await terminal.lines()).join(' ')).toContain(
    'okta-csv-import validate people.csv --no-activate --if-exists update --org',
  );
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
