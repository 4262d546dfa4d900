import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

import { CsvWriter } from '../../src/report/csv-writer.js';
import { RESULT_COLUMNS } from '../../src/report/results-columns.js';
import { readResults } from '../../src/report/results-reader.js';
import { anyText } from './any-text.js';

describe('results.csv', () => {
  it('reads back unchanged, including formulas and line breaks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'okta-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'results.csv');
    const line = fc.tuple(fc.nat().map(String), anyText, anyText, anyText);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const file = new CsvWriter(path, ',');
        await file.write(RESULT_COLUMNS);
        for (const fields of lines) await file.write(fields);
        await file.close();
        expect(await collect(readResults(path))).toEqual(lines);
      }),
      { numRuns: 50 },
    );
  });

  it('is read up to an incomplete line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'okta-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'results.csv');
    writeFileSync(path, 'row,login\r\n1,"a\r\nb"\r\n2,"c\r\n3,d\r\n');
    expect(await collect(readResults(path))).toEqual([['1', 'a\r\nb']]);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
