import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { cli } from '../helpers/in-process-cli.js';
import { messyWorkbook } from '../helpers/messy-workbook.js';
import { fixture, workplace } from '../helpers/workplace.js';

it('the messy workbook has twelve wrong cells, each of which blocks its row, and one login that exists', async () => {
  const at = workplace();
  const { bytes, sheet, rows, wrongCells } = messyWorkbook();
  const file = at.file('kollegen.xlsx', bytes);

  const args = [
    'validate',
    file,
    '--sheet',
    sheet,
    '--hidden-rows=skip',
    '--sandbox',
    '--org',
    '--run-id=it',
  ];
  const { stdout, exitCode } = await cli([...args, '--json'], { at });

  const { counts } = JSON.parse(stdout) as { counts: Record<string, number> };
  const refused = at.run('it').results.filter(({ status }) => status === 'invalid');
  expect(exitCode).toBe(1);
  expect(rows).toBe(60);
  expect(counts).toMatchObject({ wouldCreate: 47, invalid: 13, notAttempted: 1 });
  expect(refused.map(({ line }) => Number(line))).toEqual(
    [6, ...wrongCells.map(({ line }) => line)].toSorted((left, right) => left - right),
  );
});

it('the fixture is that workbook', () => {
  expect(readFileSync(fixture('new-colleagues.xlsx')).equals(messyWorkbook().bytes)).toBe(true);
});
