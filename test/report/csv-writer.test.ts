import { expect, it } from 'vitest';

import { csvLine } from '../../src/report/csv-writer.js';

it('escapes formulas', () => {
  expect(csvLine(['=HYPERLINK("x")', 'a,b', ''])).toBe(`"'=HYPERLINK(""x"")","a,b",\r\n`);
});

it.each(['a\rb', 'a\nb', 'a"b', ' a', 'a ', 'a\t'])('%j is quoted', (text) => {
  expect(csvLine([text, 'x'])).toBe(`"${text.replaceAll('"', '""')}",x\r\n`);
});
