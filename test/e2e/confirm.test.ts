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
