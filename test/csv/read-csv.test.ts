import { describe, expect, it } from 'vitest';

import { readCsv } from '../../src/csv/read-csv.js';
import { inChunks, readAll } from './read.js';

const MIB = 1024 * 1024;

describe('rows as they are asked for', () => {
  it('closes the source when the reader leaves early', async () => {
    for (const wanted of [1, 2, 5000]) {
      const source = watched(10_000);
      const { rows } = await readCsv(source.bytes);

      for await (const { row } of rows) if (row === wanted) break;

      expect(source.isClosed()).toBe(true);
    }
  });

  it('closes the source when the header is refused', async () => {
    const source = watched(10_000, 'login,login\n');

    await expect(readCsv(source.bytes)).rejects.toMatchObject({ code: 'ERR_CSV_HEADER' });

    expect(source.isClosed()).toBe(true);
  });

  it('takes no more from the source than the rows that were asked for need', async () => {
    const source = watched(10_000);
    const { rows } = await readCsv(source.bytes);
    let most = 0;

    for await (const { row } of rows) most = Math.max(most, source.taken() - row);

    expect(most).toBeLessThan(5);
  });

  it.each([
    ['', 'login\nann@example.com\nbo@example.com\n'],
    [', one with a line break', 'login\n"ann@example.com"\n"bo\n"\n'],
  ])('passes an error of the source on, after the rows before it%s', async (_, text) => {
    const { rows } = await readCsv(breaking(text));
    const logins: string[] = [];

    const reading = (async () => {
      for await (const { cells } of rows) logins.push(cells[0]!);
    })();

    await expect(reading).rejects.toThrow('EIO');
    expect(logins.map((login) => login.trim().slice(0, 2))).toEqual(['an', 'bo']);
  });
});

describe('what ends a file before its end', () => {
  const before = 'login,note\n"ann@example.com","two\nlines"\nbo@example.com,\n';
  const malformedLine = Buffer.from('b\xe9,x\n', 'latin1');

  it.each([
    ['a NUL', 'cy@example.com,\0\n'],
    ['a NUL on a line that is malformed too', Buffer.from('cy@example.com,\xe9\0\n', 'latin1')],
    ['a NUL in a cell that goes on', 'cy@example.com,"two\n\0'],
  ])('%s leaves all rows before it, however the bytes arrive', async (_, end) => {
    for (const chunkBytes of [Infinity, 1]) {
      const bytes = inChunks(Buffer.concat([Buffer.from(before), Buffer.from(end)]), chunkBytes);

      const { rows, error } = await readAll(bytes, { encoding: 'utf-8' });

      expect(rows.map(({ cells }) => cells[0])).toEqual(['ann@example.com', 'bo@example.com']);
      expect(error).toMatchObject({ code: 'ERR_NOT_CSV' });
    }
  });

  it('another encoding leaves all rows before the line that settles it', async () => {
    const bytes = Buffer.concat([Buffer.from(before), ...Array<Buffer>(30).fill(malformedLine)]);

    for (const chunkBytes of [Infinity, 1]) {
      const { rows, error } = await readAll(inChunks(bytes, chunkBytes), { encoding: 'utf-8' });

      expect(rows).toHaveLength(2 + 19);
      expect(error).toMatchObject({ code: 'ERR_MALFORMED_TEXT' });
    }
  });
});

describe('a record too large to be a person', () => {
  it.each([
    ['a quoted cell that goes on and on', 'login,note\n\nann@example.com,"', 'lost in a cell\n', 3],
    ['a line without end', 'login\n\nann@example.com\n', 'x', 4],
    ['a line of delimiters without end', 'login\nann@example.com\n', ',', 3],
    ['a header without end', '', 'x', 1],
    ['lines of delimiters between quoted line breaks', 'login\n', `"\n"${','.repeat(1000)}`, 2],
  ])('refuses %s in bounded memory, and says where it starts', async (_, beginning, repeated, line) => {
    const source = endless(beginning, repeated);

    const { error } = await readAll(source.bytes);

    expect(error).toMatchObject({ code: 'ERR_CSV_RECORD_TOO_LARGE', line });
    expect(source.givenBytes()).toBeLessThan(16 * MIB);
  });

  it('reads a record that is large and still within the limit', async () => {
    const note = 'x\n'.repeat(MIB / 2 - 100);

    const { rows } = await readAll(inChunks(`login,note\nann@example.com,"${note}"\nbo@example.com,\n`));

    expect(rows).toMatchObject([{ line: 2 }, { line: MIB / 2 - 100 + 3 }]);
    expect(rows[0]?.cells[1]).toBe(note);
  });

  it('takes no number of blank lines for a record', async () => {
    const { rows, error } = await readAll(inChunks(`login\nann@example.com${'\r\n'.repeat(6 * MIB)}"bo`));

    expect(rows).toHaveLength(1);
    expect(error).toMatchObject({ code: 'ERR_CSV_UNCLOSED_QUOTE', line: 6 * MIB + 2 });
  });
});

describe('what somebody says about the file', () => {
  it.each([
    ['tab', '\t'],
    ['TAB', '\t'],
    ['\\t', '\t'],
    ['^', '^'],
    ['§', '§'],
  ])('takes %s as delimiter, before detection and before sep=', async (named, delimiter) => {
    const text = `sep=;\nlogin${delimiter}a;b;c\nann@example.com${delimiter}1\n`;

    const { table, rows } = await readAll(inChunks(text), { delimiter: named });

    expect(table).toMatchObject({ delimiter, header: ['login', 'a;b;c'], headerLine: 2 });
    expect(rows).toEqual([{ row: 1, line: 3, cells: ['ann@example.com', '1'] }]);
  });

  it.each(['', ';;', '"', '\n', 'comma'])('refuses %j as delimiter', async (delimiter) => {
    const { error } = await readAll(inChunks('login\n'), { delimiter });

    expect(error).toMatchObject({ code: 'ERR_INVALID_DELIMITER', hint: expect.stringContaining('tab') });
  });

  it.each(['klingon', '', 'replacement'])('refuses %j as encoding', async (encoding) => {
    const { error } = await readAll(inChunks('login\n'), { encoding });

    expect(error).toMatchObject({
      code: 'ERR_UNKNOWN_ENCODING',
      hint: expect.stringContaining('windows-1252'),
    });
  });

  it('believes a BOM more than a named encoding', async () => {
    const { table, rows } = await readAll(inChunks('\uFEFFlogin\nzoë@example.com'), {
      encoding: 'windows-1252',
    });

    expect(table).toMatchObject({ encoding: 'utf-8', header: ['login'] });
    expect(rows).toMatchObject([{ cells: ['zoë@example.com'] }]);
  });

  it('reads every byte of windows-1252 as Windows does, also those that Latin-1 has no characters for', async () => {
    const { rows } = await readAll(inChunks(Buffer.from('a\n\x80\x8A\x9F\xFF', 'latin1')), {
      encoding: 'windows-1252',
    });

    expect(rows).toMatchObject([{ cells: ['€ŠŸÿ'] }]);
  });
});

/** A file on a disk that fails. */
async function* breaking(text: string) {
  yield Buffer.from(text);
  throw new Error('EIO: i/o error');
}

/** A file of `count` people, a record a chunk, that knows how far it was read and whether it was closed. */
function watched(count: number, header = 'login,email\n') {
  let taken = 0;
  let closed = false;
  async function* bytes() {
    try {
      yield Buffer.from(header);
      for (taken = 1; taken <= count; taken += 1) {
        yield Buffer.from(`p${taken}@example.com,p${taken}@example.com\n`);
      }
    } finally {
      closed = true;
    }
  }
  return { bytes: bytes(), taken: () => taken, isClosed: () => closed };
}

/** A file that repeats itself for ever. */
function endless(beginning: string, repeated: string) {
  const chunk = Buffer.from(repeated.repeat(Math.ceil((64 * 1024) / repeated.length)));
  let given = 0;
  async function* bytes() {
    yield Buffer.from(beginning);
    for (;;) {
      given += chunk.length;
      yield chunk;
    }
  }
  return { bytes: bytes(), givenBytes: () => given };
}
