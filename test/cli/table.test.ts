import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';

import { fitTable, tableLines } from '../../src/cli/table.js';

async function linesOf(rows: readonly (readonly string[])[], ahead: number): Promise<string[]> {
  const lines: string[] = [];
  const source = async function* (): AsyncGenerator<readonly string[]> {
    yield* rows;
  };
  for await (const line of tableLines(source(), ahead)) lines.push(line);
  return lines;
}

describe('a streamed table', () => {
  it('has columns as wide as the first rows need', async () => {
    const rows = [
      ['a', 'bb', 'c'],
      ['aaa', 'b', 'c'],
      ['a', 'longer than before', 'c'],
      ['', '', ''],
    ];

    expect(await linesOf(rows, 2)).toEqual([
      'a    bb  c\n',
      'aaa  b   c\n',
      'a    longer than before  c\n',
      '\n',
    ]);
  });

  it('measures only the given number of rows', async () => {
    let taken = 0;
    const source = async function* (): AsyncGenerator<readonly string[]> {
      for (;;) {
        taken += 1;
        yield ['x', 'y'];
      }
    };
    for await (const line of tableLines(source(), 3)) {
      expect(line).toBe('x  y\n');
      break;
    }

    expect(taken).toBe(3);
  });

  it('counts terminal columns and escapes control characters', async () => {
    expect(
      await linesOf(
        [
          ['佐藤', 'x'],
          ['e\u0301e\u0301', 'x'],
          ['\u001b[2J', 'x'],
        ],
        9,
      ),
    ).toEqual(['佐藤       x\n', 'e\u0301e\u0301         x\n', '\\u001b[2J  x\n']);
  });
});

describe('a table of limited width', () => {
  it('wraps cells at spaces, and long words anywhere', () => {
    const text = fitTable(
      [
        ['name', 'one two three'],
        ['x', 'abcdefghijkl'],
      ],
      { width: 14 },
    );

    expect(text).toBe('name  one two\n      three\nx     abcdefgh\n      ijkl\n');
  });

  it.each([1, 10, 20, 80])('is never wider than %i columns', (width) => {
    const rows = [
      ['佐藤佐藤佐藤佐藤', 'a b c d e f g h i j', 'x'.repeat(100)],
      ['', '一つの非常に長い属性の名前', 'y'],
    ];
    const least = 2 + 2 + 2 + 1 + 4;
    const widest = Math.max(
      ...fitTable(rows, { width })
        .split('\n')
        .map((line) => stringWidth(line)),
    );

    expect(widest).toBeLessThanOrEqual(Math.max(width, least));
  });
});
