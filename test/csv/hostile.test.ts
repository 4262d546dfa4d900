import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import type { Archive } from '../../src/csv/xlsx/archive.js';
import { SharedStrings } from '../../src/csv/xlsx/shared-strings.js';

import { inChunks } from './read.js';

interface Ending {
  readonly code?: string;
  readonly message?: string;
  readonly rows: number;
  /** Of the file, as far as it was read. */
  readonly readMib: number;
  /** Most memory that the process had. */
  readonly peakMib: number;
}

const READER = fileURLToPath(new URL('hostile-reader.mjs', import.meta.url));

/** Reads a file in a process of its own that has next to no heap. */
async function readingOf(file: string): Promise<Ending> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=64', READER, file]);
  return JSON.parse(stdout) as Ending;
}

describe('a file of a gigabyte or more that', { timeout: 300_000 }, () => {
  it.each<[what: string, code: string, words: string, rows: number]>([
    ['one line', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['one line after the header', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 3', 1],
    ['an open quote', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 3', 1],
    ['an open quote in the header', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['quotes only', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 2', 0],
    ['delimiters only', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 2', 0],
    ['half of a UTF-16 line', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['a million columns', 'ERR_CSV_HEADER', 'it has 1048577 columns, more than 16384', 0],
    ['many short columns', 'ERR_CSV_HEADER', 'it has 524289 columns, more than 16384', 0],
    ['one line, packed', 'ERR_CSV_RECORD_TOO_LARGE', 'starts on line 1', 0],
    ['blank lines, packed', 'ERR_COMPRESSION_BOMB', 'more than 200 times', 0],
    ['packed in packed', 'ERR_NOT_CSV', 'compressed with gzip twice', 0],
    ['a zip in a zip', 'ERR_NOT_CSV', 'no Excel workbook', 0],
    ['a text without end', 'ERR_WORKBOOK_TOO_LARGE', 'more than a million characters', 0],
    ['cells without end', 'ERR_FILE_DAMAGED', 'sheet1.xml', 0],
  ])('is %s is refused after its first megabytes, in little memory', async (file, code, words, rows) => {
    const ending = await readingOf(file);

    expect(ending).toMatchObject({ code, rows, message: expect.stringContaining(words) });
    expect(ending.readMib).toBeLessThanOrEqual(16);
    expect(ending.peakMib).toBeLessThan(300);
  });

  it('unpacks to one row over and over is refused as a bomb', async () => {
    const ending = await readingOf('one row over and over, packed');

    expect(ending).toMatchObject({ code: 'ERR_COMPRESSION_BOMB' });
    expect(ending.readMib).toBeLessThanOrEqual(16);
    expect(ending.peakMib).toBeLessThan(300);
  });

  it('unpacks to a million people is read to its end, in no more memory', async () => {
    const ending = await readingOf('a million people, packed');

    expect(ending).toMatchObject({ rows: 1_000_000 });
    expect(ending.code).toBeUndefined();
    expect(ending.peakMib).toBeLessThan(300);
  });
});

it('a workbook of more texts than a sheet can show is refused, however short they are', async () => {
  // Of all that an archive is, this reads one part.
  const archive = {
    read: async () => inChunks(`<sst>${'<si/>'.repeat(1001)}</sst>`),
  } as unknown as Archive;

  await expect(SharedStrings.read(archive, 'xl/sharedStrings.xml', 1000)).rejects.toMatchObject({
    code: 'ERR_WORKBOOK_TOO_LARGE',
    message: expect.stringContaining('more than 1000 texts'),
  });
  await expect(SharedStrings.read(archive, 'xl/sharedStrings.xml', 1001)).resolves.toBeInstanceOf(
    SharedStrings,
  );
});
