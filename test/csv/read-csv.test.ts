import { describe, expect, it } from 'vitest';

import { readCsv } from '../../src/csv/read-csv.js';
import { inChunks, readAll } from './read.js';

const MIB = 1024 * 1024;

describe('reading rows on demand', () => {
  it('closes the source when the reader leaves early', async () => {
    for (const wanted of [1, 2, 5000]) {
      const source = watched(10_000);
      const { rows } = await readCsv(source.bytes);

      for await (const { row } of rows) if (row === wanted) break;

      expect(source.isClosed()).toBe(true);
    }
  });

  it('closes the source when the header is rejected', async () => {
    const source = watched(10_000, 'login,login\n');

    await expect(readCsv(source.bytes)).rejects.toMatchObject({ code: 'ERR_CSV_HEADER' });

    expect(source.isClosed()).toBe(true);
  });

  it('reads no more from the source than the requested rows need', async () => {
    const source = watched(10_000);
    const { rows } = await readCsv(source.bytes);
    let most = 0;

    for await (const { row } of rows) most = Math.max(most, source.taken() - row);

    expect(most).toBeLessThan(5);
  });

  it.each([
    ['', 'login\nann@example.com\nbo@example.com\n'],
    [', one with a line break', 'login\n"ann@example.com"\n"bo\n"\n'],
  ])('passes on an error of the source after the rows before it%s', async (_, text) => {
    const { rows } = await readCsv(breaking(text));
    const logins: string[] = [];

    const reading = (async () => {
      for await (const { cells } of rows) logins.push(cells[0]!);
    })();

    await expect(reading).rejects.toThrow('EIO');
    expect(logins.map((login) => login.trim().slice(0, 2))).toEqual(['an', 'bo']);
  });
});

describe('an error in the middle of a file', () => {
  const before = 'login,note\n"ann@example.com","two\nlines"\nbo@example.com,\n';
  const malformedLine = Buffer.from('b\xe9,x\n', 'latin1');

  it.each([
    ['a NUL', 'cy@example.com,\0\n'],
    ['a NUL on a malformed line', Buffer.from('cy@example.com,\xe9\0\n', 'latin1')],
    ['a NUL in a multi-line cell', 'cy@example.com,"two\n\0'],
  ])('keeps all rows before %s, however the bytes arrive', async (_, end) => {
    for (const chunkBytes of [Infinity, 1]) {
      const bytes = inChunks(Buffer.concat([Buffer.from(before), Buffer.from(end)]), chunkBytes);

      const { rows, error } = await readAll(bytes, { encoding: 'utf-8' });

      expect(rows.map(({ cells }) => cells[0])).toEqual(['ann@example.com', 'bo@example.com']);
      expect(error).toMatchObject({ code: 'ERR_NOT_CSV' });
    }
  });

  it('keeps all rows before the line that proves another encoding', async () => {
    const bytes = Buffer.concat([Buffer.from(before), ...Array<Buffer>(30).fill(malformedLine)]);

    for (const chunkBytes of [Infinity, 1]) {
      const { rows, error } = await readAll(inChunks(bytes, chunkBytes), { encoding: 'utf-8' });

      expect(rows).toHaveLength(2 + 19);
      expect(error).toMatchObject({ code: 'ERR_MALFORMED_TEXT' });
    }
  });
});

describe('a row that is too large', () => {
  it.each([
    ['an endless quoted cell', 'login,note\n\nann@example.com,"', 'lost in a cell\n', 3],
    ['an endless line', 'login\n\nann@example.com\n', 'x', 4],
    ['an endless line of delimiters', 'login\nann@example.com\n', ',', 3],
    ['an endless header', '', 'x', 1],
    ['lines of delimiters between quoted line breaks', 'login\n', `"\n"${','.repeat(1000)}`, 2],
  ])(
    'is rejected with bounded memory, naming the line where it starts: %s',
    async (_, beginning, repeated, line) => {
      const source = endless(beginning, repeated);

      const { error } = await readAll(source.bytes);

      expect(error).toMatchObject({ code: 'ERR_CSV_RECORD_TOO_LARGE', line });
      expect(source.givenBytes()).toBeLessThan(16 * MIB);
    },
  );

  it('is accepted up to the limit', async () => {
    const note = 'x\n'.repeat(MIB / 2 - 100);

    const { rows } = await readAll(inChunks(`login,note\nann@example.com,"${note}"\nbo@example.com,\n`));

    expect(rows).toMatchObject([{ line: 2 }, { line: MIB / 2 - 100 + 3 }]);
    expect(rows[0]?.cells[1]).toBe(note);
  });

  it('is not any number of blank lines', async () => {
    const { rows, error } = await readAll(inChunks(`login\nann@example.com${'\r\n'.repeat(6 * MIB)}"bo`));

    expect(rows).toHaveLength(1);
    expect(error).toMatchObject({ code: 'ERR_CSV_UNCLOSED_QUOTE', line: 6 * MIB + 2 });
  });
});

describe('options', () => {
  it.each([
    ['tab', '\t'],
    ['TAB', '\t'],
    ['\\t', '\t'],
    ['^', '^'],
    ['§', '§'],
  ])('accept %s as delimiter, which overrides detection and sep=', async (named, delimiter) => {
    const text = `sep=;\nlogin${delimiter}a;b;c\nann@example.com${delimiter}1\n`;

    const { table, rows } = await readAll(inChunks(text), { delimiter: named });

    expect(table).toMatchObject({ delimiter, header: ['login', 'a;b;c'], headerLine: 2 });
    expect(rows).toEqual([{ row: 1, line: 3, cells: ['ann@example.com', '1'] }]);
  });

  it.each(['', ';;', '"', '\n', 'comma'])('reject %j as delimiter', async (delimiter) => {
    const { error } = await readAll(inChunks('login\n'), { delimiter });

    expect(error).toMatchObject({ code: 'ERR_INVALID_DELIMITER', hint: expect.stringContaining('tab') });
  });

  it.each(['klingon', '', 'replacement'])('reject %j as encoding', async (encoding) => {
    const { error } = await readAll(inChunks('login\n'), { encoding });

    expect(error).toMatchObject({
      code: 'ERR_UNKNOWN_ENCODING',
      hint: expect.stringContaining('windows-1252'),
    });
  });

  it('do not override a BOM', async () => {
    const { table, rows } = await readAll(inChunks('\uFEFFlogin\nzoë@example.com'), {
      encoding: 'windows-1252',
    });

    expect(table).toMatchObject({ encoding: 'utf-8', header: ['login'] });
    expect(rows).toMatchObject([{ cells: ['zoë@example.com'] }]);
  });

  it('read windows-1252 as Windows does, including bytes that Latin-1 does not define', async () => {
    const { rows } = await readAll(inChunks(Buffer.from('a\n\x80\x8A\x9F\xFF', 'latin1')), {
      encoding: 'windows-1252',
    });

    expect(rows).toMatchObject([{ cells: ['€ŠŸÿ'] }]);
  });
});

/** A file on a failing disk. */
async function* breaking(text: string) {
  yield Buffer.from(text);
  throw new Error('EIO: i/o error');
}

/** A file with `count` rows, one per chunk, that records how far it was read and whether it was closed. */
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

/** An endless file. */
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
