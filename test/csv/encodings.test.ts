import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';

import type { Row } from '../../src/rows/row.js';
import { readCsv } from '../../src/csv/read-csv.js';
import { inChunks, readAll } from './read.js';

const ASCII_LINES = 'ann@example.com,Ann\n'.repeat(20_000);

describe('a detected encoding', () => {
  it('is detected from the first line that is not ASCII, however late that is', async () => {
    const content = Buffer.concat([
      Buffer.from(`login,firstName\n${ASCII_LINES}`),
      iconv.encode('jörg@example.com,Jörg\nkäthe@example.com,Käthe\n', 'windows-1252'),
    ]);

    for (const chunkBytes of [Infinity, 100_000, 999]) {
      const { table, rows, notices, error } = await readAll(inChunks(content, chunkBytes));

      expect(error).toBeUndefined();
      expect(rows.slice(-2).map(({ cells }) => cells[1])).toEqual(['Jörg', 'Käthe']);
      expect(table).toMatchObject({ encoding: 'windows-1252', guessedOnLine: 20_002 });
      expect(notices).toEqual([expect.stringContaining('line 20002')]);
    }
  });

  it('does not depend on how much text precedes the sample', async () => {
    const russian = iconv.encode('p@example.com,Иван\n'.repeat(10_000), 'windows-1251');

    const { table, rows } = await readAll(
      inChunks(Buffer.concat([Buffer.from('login,firstName\n'), russian])),
    );

    expect(table).toMatchObject({ encoding: 'windows-1251', guessedOnLine: 2 });
    expect(new Set(rows.map(({ cells }) => cells[1]))).toEqual(new Set(['Иван']));
  });

  it('is reused by a second reading, which does not guess again', async () => {
    const content = Buffer.concat([
      iconv.encode('login;firstName\np@example.com;Müller\nq@example.com;Jörg\n', 'windows-1252'),
      Buffer.from('r@example.com;Zoë\n'),
    ]);
    const first = await readCsv(inChunks(content));
    const rows = await collect(first.rows);

    const second = await readCsv(inChunks(content), { found: first.found() });

    expect(await collect(second.rows)).toEqual(rows);
    expect(rows.at(-1)).toMatchObject({ malformed: { message: expect.stringContaining('utf-8') } });
    expect(second.found()).toEqual(first.found());
  });

  it('is UTF-8 for a file that is all ASCII', async () => {
    const { table, notices } = await readAll(inChunks(`login,firstName\n${ASCII_LINES}`));

    expect(table).toMatchObject({ encoding: 'utf-8' });
    expect(notices).toEqual([]);
  });
});

describe('malformed lines', () => {
  const good = Buffer.from('zoe@example.com,Zoë\n');
  const bad = Buffer.from('zoe@example.com,Zo\xeb\n', 'latin1');
  const ascii = Buffer.from('ann@example.com,Ann\n');
  const header = Buffer.from('login,firstName\n');

  it('affect only their rows, however many, if there are valid non-ASCII lines between them', async () => {
    const content = Buffer.concat([header, ...Array.from({ length: 200 }, () => [good, bad, ascii]).flat()]);

    const { rows, error } = await readAll(inChunks(content));

    expect(error).toBeUndefined();
    expect(rows).toHaveLength(600);
    expect(rows.filter(({ malformed }) => malformed !== undefined).map(({ row }) => row % 3)).toEqual(
      Array<number>(200).fill(2),
    );
  });

  it.each([
    [19, undefined],
    [
      20,
      expect.objectContaining({
        code: 'ERR_MALFORMED_TEXT',
        line: 3,
        offsetBytes: header.length + good.length + 18,
      }),
    ],
  ])('with only ASCII lines between them reject the file from the twentieth on: %d', async (count, error) => {
    const run = Array.from({ length: count }, () => [bad, ascii]).flat();
    const content = Buffer.concat([header, good, ...run, good]);

    for (const chunkBytes of [Infinity, 64, 1]) {
      const reading = await readAll(inChunks(content, chunkBytes), { encoding: 'utf-8' });

      expect(reading.error).toEqual(error);
    }
  });

  it.each([
    ['a UTF-8 file', 'utf-8', bad],
    ['a Windows-1252 file', 'windows-1252', good],
  ])('are found where %s continues in another encoding', async (_, encoding, other) => {
    const begun = encoding === 'utf-8' ? good : bad;
    const content = Buffer.concat([
      header,
      ...Array<Buffer>(5000).fill(begun),
      ...Array<Buffer>(5000).fill(other),
    ]);

    const { table, error } = await readAll(inChunks(content));

    expect(table).toMatchObject({ encoding });
    expect(error).toMatchObject({ code: 'ERR_MALFORMED_TEXT', line: 5002 });
  });

  it.each(['shift_jis', 'gb18030', 'big5', 'euc-kr', 'euc-jp'])(
    'in %s do not swallow the delimiter, quote or line break after them',
    async (encoding) => {
      const cut = Buffer.from([0xb0]);
      const lead = encoding === 'shift_jis' ? Buffer.from([0x93]) : cut;
      const pieces = ['login,a,b\nann@example.com,A', ',"B', '"\nbo@example.com,"1,', '\n2",Bo\n'];
      const content = Buffer.concat(pieces.flatMap((piece) => [Buffer.from(piece), lead]).slice(0, -1));

      const { rows, error } = await readAll(inChunks(content), { encoding });

      expect(error).toBeUndefined();
      expect(rows.map(({ cells }) => cells)).toEqual([
        ['ann@example.com', 'A\uFFFD', 'B\uFFFD'],
        ['bo@example.com', '1,\uFFFD\n2', 'Bo'],
      ]);
      expect(rows.every(({ malformed }) => malformed !== undefined)).toBe(true);
    },
  );
});

async function collect(rows: AsyncIterable<Row>): Promise<Row[]> {
  const collected: Row[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}
