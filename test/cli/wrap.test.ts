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

it.each([
  [
    'a command at the end of a sentence',
    'To settle them, run this afterwards: okta-csv-import resume reports/2026-11-24T02-00-00Z-people --canary 5',
    [
      'To settle them, run this afterwards:',
      'okta-csv-import resume reports/2026-11-24T02-00-00Z-people --canary 5',
    ],
  ],
  [
    'a command in color',
    'Run this first: \u001b[1mokta-csv-import resume reports/people --env-file /etc/okta.env\u001b[22m',
    ['Run this first:', '\u001b[1mokta-csv-import resume reports/people --env-file /etc/okta.env\u001b[22m'],
  ],
  [
    'a command of the system',
    'token.txt contains a secret, but its group can access it. Run: chmod 600 /home/ada/imports/token.txt',
    [
      'token.txt contains a secret, but its',
      'group can access it. Run:',
      'chmod 600 /home/ada/imports/token.txt',
    ],
  ],
  [
    'a flag with a quoted value',
    "To ignore them, add --ignore-columns 'Badge No,Cost center,Notes and remarks' to the command.",
    ['To ignore them, add', "--ignore-columns 'Badge No,Cost center,Notes and remarks'", 'to the command.'],
  ],
  [
    'an entry of a mapping file',
    'Split the cell in the mapping file with groups: { column: Teams, split: "," }.',
    ['Split the cell in the mapping file with', 'groups: { column: Teams, split: "," }.'],
  ],
])('leaves %s whole, whatever is before it', (_, line, lines) => {
  expect(wrap(line, 40).split('\n')).toEqual(lines);
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
