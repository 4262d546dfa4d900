import fs, { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

import { REDACTED } from '../../src/text.js';
import { ReportError } from '../../src/report/report-error.js';
import { ResultFiles, type ResultFilesOptions } from '../../src/report/import-result-files.js';
import { notAttempted, type CompletedRow, type RowOutcome } from '../../src/rows/outcome.js';
import { unescapeFormula } from '../../src/text.js';
import { createdOutcome, rowOf, tempFolder } from '../engine/build.js';

function failed(row: number, cells: readonly string[], message = 'No.'): CompletedRow {
  const base = { row, line: row + 1, login: 'x', attempts: 1, durationMs: 7 };
  const error = { errorCode: 'E0000001', message, requestId: 'request-9' };
  return { row: { row, line: row + 1, cells }, outcome: { ...base, status: 'failed', error } };
}

function created(row: number): CompletedRow {
  return { row: rowOf(row), outcome: createdOutcome(row) };
}

const missing = (row: number): RowOutcome => notAttempted({ row, line: 0 }, undefined, 'It ended.');

async function filesOf(
  options: Partial<ResultFilesOptions> = {},
): Promise<{ files: ResultFiles; folder: string; read: (name: string, delimiter?: string) => string[][] }> {
  const folder = await tempFolder();
  const files = await ResultFiles.open({
    folder,
    header: ['login'],
    delimiter: ',',
    secretColumns: new Set(),
    ...options,
  });
  const read = (name: string, delimiter = ','): string[][] =>
    parse(readFileSync(join(folder, name)), { bom: true, delimiter, relax_column_count: false });
  return { files, folder, read };
}

describe('results.csv', () => {
  it('has every row once, in file order, whatever the order in which rows finish', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }).chain((count) =>
          fc.shuffledSubarray(Array.from({ length: count }, (_, index) => index + 1)).map((rows) => ({
            count,
            rows,
          })),
        ),
        async ({ count, rows }) => {
          const { files, read } = await filesOf();
          for (const row of rows) {
            await files.add(row % 2 === 0 ? created(row) : failed(row, ['a@b.example']));
          }
          await files.close(count, missing);

          const [header, ...lines] = read('results.csv');
          expect(header?.join()).toBe(
            'row,line,login,status,oktaId,userStatus,attempts,durationMs,errorCode,message,requestId',
          );
          expect(lines.map(([row]) => Number(row))).toEqual(Array.from({ length: count }, (_, i) => i + 1));
          expect(lines.map(([, , , status]) => status)).toEqual(
            lines.map((_, index) => {
              if (!rows.includes(index + 1)) return 'not-attempted';
              return (index + 1) % 2 === 0 ? 'created' : 'failed';
            }),
          );
          expect(files.rowsWritten).toBe(count);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('shows everything that is known about a row', async () => {
    const { files, read } = await filesOf();
    await files.add(created(1));
    await files.add(failed(2, ['x'], 'Another user has this login.'));
    const base = { row: 3, line: 9, login: undefined, attempts: 0, durationMs: 0 };
    const problems = [
      { code: 'required-missing', column: 'Email', message: 'It is empty.' },
      { code: 'too-long', column: undefined, message: 'Too long.' },
      { code: 'too-long', column: 'Title', message: 'Too long.' },
    ];
    await files.add({
      row: { row: 3, line: 9, cells: [] },
      outcome: { ...base, status: 'invalid', problems },
    });
    await files.close(3, missing);
    expect(read('results.csv').slice(1)).toEqual([
      ['1', '2', 'user1@example.com', 'created', '00u1', 'ACTIVE', '1', '5', '', '', 'request-1'],
      ['2', '3', 'x', 'failed', '', '', '1', '7', 'E0000001', 'Another user has this login.', 'request-9'],
      [
        '3',
        '9',
        '',
        'invalid',
        '',
        '',
        '0',
        '0',
        'required-missing too-long',
        'Email: It is empty. Too long. Title: Too long.',
        '',
      ],
    ]);
  });

  it('is readable by its owner only', async () => {
    const { files, folder } = await filesOf();
    await files.close(0, missing);
    for (const name of ['results.csv', 'failed.csv']) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });
});

describe('failed.csv', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      'x;=1+1',
      'x\t=1',
      '\n=1',
      'a,\n＝1',
      '＠a',
      '=1+1',
      "'=1",
      "''@x",
      '-5',
      '+49 30',
      '@a',
      '\t=',
      '\r',
      '"',
      'a\r\nb',
      ' a ',
      "'",
      '',
    ),
    fc.string({ unit: fc.constantFrom('=', "'", '"', ',', ';', '\t', '\r', '\n', ' ', 'a') }),
  );

  it('holds the cells of failed rows so that they read back unchanged, except for secrets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 12 }),
        fc.constantFrom(',', ';', '\t', '|'),
        async (rows, delimiter) => {
          const header = ['Name', 'Pass word', 'Note'];
          const { files, read } = await filesOf({ header, delimiter, secretColumns: new Set([1]) });
          for (const [index, cells] of rows.entries()) await files.add(failed(index + 1, cells));
          await files.close(rows.length, missing);

          const [first, ...lines] = read('failed.csv', delimiter);
          expect(first).toEqual([...header, '_line', '_error']);
          expect(lines.map((line) => line.map(unescapeFormula))).toEqual(
            rows.map(([name, secret, note], index) => [
              name,
              secret === '' ? '' : REDACTED,
              note,
              String(index + 2),
              'No.',
            ]),
          );
          for (const line of lines.flat()) {
            expect(line).not.toMatch(/^[=+\-@＝＠\t\r\n]|[;,\t\r\n]"*[=@＝＠]/);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('holds only the rows to correct', async () => {
    const { files, read } = await filesOf();
    await files.add(created(1));
    await files.add(failed(2, ['two@example.com']));
    await files.close(3, missing);
    expect(read('failed.csv')).toEqual([
      ['login', '_line', '_error'],
      ['two@example.com', '3', 'No.'],
    ]);
  });

  it('made from a failed.csv has the added columns once, with new values', async () => {
    const { files, read } = await filesOf({ header: ['login', '_line', '_error', 'title'] });
    await files.add(failed(1, ['a@example.com', '77', 'Old message.', 'Lead'], 'New message.'));
    await files.close(1, missing);
    expect(read('failed.csv')).toEqual([
      ['login', 'title', '_line', '_error'],
      ['a@example.com', 'Lead', '2', 'New message.'],
    ]);
  });
});

describe('a full disk', () => {
  it('is reported on the next write, or at the latest when the files are closed', async () => {
    const folder = await tempFolder();
    const { write } = fs;
    onTestFinished(() => void Object.assign(fs, { write }));
    Object.assign(fs, {
      write: (...args: unknown[]) => {
        const done = args.at(-1) as (error: Error) => void;
        done(new Error('ENOSPC: no space left on device, write'));
      },
    });
    const options = { folder, header: ['login'], delimiter: ',', secretColumns: new Set<number>() };
    const files = await ResultFiles.open(options);
    await expect(
      (async () => {
        for (let row = 1; row <= 5000; row += 1) await files.add(created(row));
      })(),
    ).rejects.toThrow(ReportError);

    const few = await ResultFiles.open(options);
    await few.add(created(1));
    await expect(few.close(1, missing)).rejects.toThrow(/ENOSPC/);
  });

  it('is reported when the file cannot be created', async () => {
    const folder = join(await tempFolder(), 'not-there');
    const files = await ResultFiles.open({
      folder,
      header: ['login'],
      delimiter: ',',
      secretColumns: new Set(),
    });
    await expect(files.close(0, missing)).rejects.toThrow(ReportError);
  });
});
