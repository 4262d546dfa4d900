import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { sealLine, unsealLine } from '../../../src/journal/line-seal.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace } from '../../helpers/workplace.js';

const HEADER = 'login,email,firstName,lastName,badge';
const ROWS = [
  'noor@example.com,noor@example.com,Noor,Haddad,A-1',
  'mei@example.com,mei@example.com,Mei,Lee,A-2',
  'NOOR@example.com,noor.2@example.com,Noor,Haddad,A-3',
  'ana@example.com,ana@example.com,Ana,Silva,A-2',
  'ivan@example.com,mei@example.com,Ivan,Okafor,A-5',
];

it.each([
  ['', ''],
  [',password', ',correct-Horse-7-battery'],
  [',type', ',user'],
])(
  'a resumed run compares its rows with those that are settled, in a file with "%s"',
  async (column, cell) => {
    const okta = await startSandbox({
      seed: { attributes: { badge: { type: 'string', title: 'Badge', unique: true } } },
    });
    onTestFinished(() => okta.close());
    const at = workplace();
    const env = orgSettings(okta);
    const file = at.file('people.csv', [HEADER + column, ...ROWS.map((row) => row + cell), ''].join('\n'));
    await cli(['import', file, '--run-id=it', '--yes'], { at, env });
    keepOnlyRows(join(at.run('it').path, 'journal.ndjson'), 2);

    const { stderr } = await cli(['resume', 'it'], { at, env });

    // The last user exists already.
    const results = at.run('it').results.slice(0, -1);
    expect(results.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['created', ''],
      ['created', ''],
      ['invalid', 'login-repeated'],
      ['invalid', 'value-repeated'],
    ]);
    expect(stderr).toContain('email "mei@example.com" is the same as on line 3');
  },
);

/** As if the run had been killed after these rows. */
function keepOnlyRows(journal: string, last: number): void {
  const lines = readFileSync(journal, 'utf8')
    .split('\n')
    .map((line) => unsealLine(line) ?? '')
    .filter((line) => {
      const row = /"row":(\d+)/.exec(line)?.[1];
      return line.startsWith('{"type":"run"') || (row !== undefined && Number(row) <= last);
    });
  writeFileSync(journal, lines.map((line, index) => `${sealLine(line, index + 1)}\n`).join(''));
}
