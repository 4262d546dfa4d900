import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';

import { wrap } from '../../src/cli/wrap.js';

it('breaks between words and indents the following lines', () => {
  expect(wrap('    The org has no group "Enginering". Create it, or correct the name.', 30)).toBe(
    ['    The org has no group', '    "Enginering". Create it,', '    or correct the name.'].join('\n'),
  );
});

it('indents the following lines by the given columns', () => {
  expect(wrap('  --only  Rows to do, such as 1-10,42  [string]', 30, 10)).toBe(
    ['  --only  Rows to do, such as', '          1-10,42  [string]'].join('\n'),
  );
});

it('counts columns, not characters, and ignores colors', () => {
  expect(wrap('\u001b[1m名前と住所の\u001b[22m 一覧表の名前 の', 26)).toBe(
    '\u001b[1m名前と住所の\u001b[22m 一覧表の名前\nの',
  );
});

it('leaves a command whole', () => {
  const command = `  okta-csv-import import ${'x'.repeat(100)} --sandbox`;
  expect(wrap(command, 40)).toBe(command);
});

it('keeps every word, and only single words exceed the width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z名]{1,30}$/), { minLength: 1 }),
      fc.integer({ min: 20, max: 60 }),
      (words, columns) => {
        const lines = wrap(words.join(' '), columns).split('\n');
        expect(lines.join(' ')).toBe(words.join(' '));
        const tooLong = lines.filter((line) => line.includes(' ') && stringWidth(line) > columns);
        expect(tooLong).toEqual([]);
      },
    ),
  );
});
