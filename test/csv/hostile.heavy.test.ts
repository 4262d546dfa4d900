import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import type { Archive } from '../../src/csv/xlsx/archive.js';
import { SharedStrings } from '../../src/csv/xlsx/shared-strings.js';

import { inChunks } from './read.js';

interface Result {
  readonly code?: string;
  readonly message?: string;
  readonly rows: number;
  /** How much of the file was read. */
  readonly readMib: number;
  /** Peak memory of the process. */
  readonly peakMib: number;
}

const READER = fileURLToPath(new URL('hostile-reader.mjs', import.meta.url));

/** Reads a file in a separate process with a very small heap. */
async function readInProcess(file: string): Promise<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=64', READER, file]);
  return JSON.parse(stdout) as Result;
}

describe('a huge file that', { timeout: 300_000 }, () => {
  it.each<[what: string, code: string, fragment: string, rows: number]>([
    ['one line', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['one line after the header', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 3', 1],
    ['an open quote', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 3', 1],
    ['an open quote in the header', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['quotes only', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 2', 0],
    ['delimiters only', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 2', 0],
    ['half of a UTF-16 line', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['a million columns', 'ERR_CSV_HEADER', 'it has 1048577 columns, but the limit is 16384', 0],
    ['many short columns', 'ERR_CSV_HEADER', 'it has 524289 columns, but the limit is 16384', 0],
    ['one line, compressed', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['blank lines, compressed', 'ERR_COMPRESSION_BOMB', 'more than 200 times', 0],
    ['gzip inside gzip', 'ERR_NOT_CSV', 'compressed with gzip twice', 0],
    ['a zip inside a zip', 'ERR_NOT_CSV', 'not an Excel workbook', 0],
    ['an endless string', 'ERR_WORKBOOK_TOO_LARGE', 'more than a million characters', 0],
    ['endless cells', 'ERR_FILE_DAMAGED', 'sheet1.xml', 0],
  ])(
    'contains %s is rejected after a few megabytes, with little memory',
    async (file, code, fragment, rows) => {
      const result = await readInProcess(file);

      expect(result).toMatchObject({ code, rows, message: expect.stringContaining(fragment) });
      expect(result.readMib).toBeLessThanOrEqual(16);
      expect(result.peakMib).toBeLessThan(300);
    },
  );

  it('decompresses to one repeated row is rejected as a bomb', async () => {
    const result = await readInProcess('one repeated row, compressed');

    expect(result).toMatchObject({ code: 'ERR_COMPRESSION_BOMB' });
    expect(result.readMib).toBeLessThanOrEqual(16);
    expect(result.peakMib).toBeLessThan(300);
  });

  it('decompresses to a million users is read to its end, with no more memory', async () => {
    const result = await readInProcess('a million users, compressed');

    expect(result).toMatchObject({ rows: 1_000_000 });
    expect(result.code).toBeUndefined();
    expect(result.peakMib).toBeLessThan(300);
  });
});

it('rejects a workbook with more strings than a sheet can show, however short they are', async () => {
  // The reader uses only this method of an archive.
  const archive = {
    read: async () => inChunks(`<sst>${'<si/>'.repeat(1001)}</sst>`),
  } as unknown as Archive;

  await expect(SharedStrings.read(archive, 'xl/sharedStrings.xml', 1000)).rejects.toMatchObject({
    code: 'ERR_WORKBOOK_TOO_LARGE',
    message: expect.stringContaining('more than 1000 shared strings'),
  });
  await expect(SharedStrings.read(archive, 'xl/sharedStrings.xml', 1001)).resolves.toBeInstanceOf(
    SharedStrings,
  );
});
