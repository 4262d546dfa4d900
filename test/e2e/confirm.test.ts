import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { sheetRows, workbook } from '../csv/build-workbook.js';
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

function onTerminal(
  { at, env }: { at: Workplace; env: Record<string, string> },
  ...args: string[]
): TerminalSession {
  return openTerminal(args, { at, columns: 100, env });
}

const QUESTION = /Continue\? Type yes:/;

it('asks at a terminal before an import, and sends the rows after yes', async () => {
  const { okta, file, ...place } = await scene();
  const terminal = onTerminal(place, 'import', file);
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
  ['the end of the input', '\u0004', 2, 'Nothing was changed'],
  ['Ctrl-C', '\u0003', 130, 'Continue?'],
])('sends nothing after %s, and leaves no run behind', async (_, keys, exitCode, message) => {
  const { okta, file, ...place } = await scene();
  const terminal = onTerminal(place, 'import', file);
  await terminal.shows(QUESTION);
  terminal.type(keys);

  expect(await terminal.exitCode).toBe(exitCode);
  expect(terminal.written()).toContain(message);
  expect(okta.ledger.created).toEqual([]);
  expect(place.at.everyFileExcept('people.csv')).not.toContain('journal');
});

/** People of whom one is hidden by a filter. */
const HIDDEN = workbook({
  rows: sheetRows([
    ['login', 'email', 'firstName', 'lastName'],
    ['ada@example.com', 'ada@example.com', 'Ada', 'Osei'],
    { cells: ['bo@example.com', 'bo@example.com', 'Bo', 'Osei'], attributes: 'hidden="1"' },
  ]),
});

it.each([
  ['include', 'Import 2 rows', ['ada@example.com', 'bo@example.com']],
  [' Skip ', 'Import 1 row', ['ada@example.com']],
])('asks about the hidden rows of a workbook, and does as told: %s', async (answer, plan, logins) => {
  const { okta, at, env } = await scene();
  const terminal = onTerminal({ at, env }, 'import', at.file('people.xlsx', HIDDEN));
  await terminal.shows(/Type include or skip:/);
  expect((await terminal.lines()).join(' ')).toContain('1 of 2 rows is hidden in the workbook');
  terminal.type(`${answer}\n`);
  await terminal.shows(QUESTION);
  expect((await terminal.lines()).join(' ')).toContain(plan);
  terminal.type('yes\n');

  expect(await terminal.exitCode).toBe(0);
  expect(okta.ledger.created.map(({ login }) => login).toSorted()).toEqual(logins);
});

it('sends nothing if the question about hidden rows gets another answer', async () => {
  const { okta, at, env } = await scene();
  const terminal = onTerminal({ at, env }, 'import', at.file('people.xlsx', HIDDEN));
  await terminal.shows(/Type include or skip:/);
  terminal.type('yes\n');

  expect(await terminal.exitCode).toBe(2);
  expect(terminal.written()).toContain('the answer was neither include nor skip');
  expect(okta.ledger.created).toEqual([]);
});

it('undoes nothing after Ctrl-C, and undoes the run after yes', async () => {
  const { okta, file, ...place } = await scene();
  await cli(['import', file, '--run-id=it', '--quiet'], place);
  const undo = async (keys: string): Promise<number | null> => {
    const terminal = onTerminal(place, 'undo', 'it');
    await terminal.shows(/Undo the run\? Type yes:/);
    terminal.type(keys);
    return terminal.exitCode;
  };

  expect(await undo('\u0003')).toBe(130);
  expect(okta.users()).toHaveLength(7);
  expect(await undo('yes\n')).toBe(0);
  expect(okta.users()).toEqual([]);
});
