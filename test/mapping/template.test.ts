import { describe, expect, it } from 'vitest';
import { ColumnsError } from '../../src/mapping/columns-error.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { loadPhoneReaders } from '../../src/mapping/phone.js';
import { createTemplateCompiler } from '../../src/mapping/template.js';
import { mapped } from './build.js';

function displayName(template: string, cells: Readonly<Record<string, string>>) {
  const text = `profile:\n  login: Mail\n  displayName: ${JSON.stringify(template)}\n`;
  return mapped(
    { Mail: 'ada@example.com', ...cells },
    { mappingFile: parseMappingFile(text, 'people.yaml') },
  );
}

const LOOP = '{% for i in (1..2000) %}';
const STEPS = 'failed: it takes more than 5000 steps';
const SIZE = 'failed: it processes more than 50000 characters, or 2500 list items';

describe('a template', () => {
  it.each([
    ['{{ row["Given Name"] }} {{ row.Surname }}', 'Ada Byron'],
    ['{{ Surname | upcase }}', 'BYRON'],
    ['{{ row["Given Name"] | slice: 0 }}.{{ Surname }}', 'A.Byron'],
    ['{% if Surname == "Byron" %}Countess{% endif %}', 'Countess'],
    ['{{ Surname | append: " & <sons>" }}', 'Byron & <sons>'],
  ])('%s becomes %s', (template, text) => {
    const { request } = displayName(template, { 'Given Name': ' Ada ', Surname: 'Byron' });
    expect(request.profile['displayName']).toBe(text);
  });

  it('that renders nothing is left out', () => {
    expect(displayName('{{ Surname }} ', { Surname: '' }).request.profile).toEqual({
      login: 'ada@example.com',
    });
  });

  it('is rendered again for each row', () => {
    const [first, second] = ['Byron', 'Hopper'].map((Surname) => displayName('{{ Surname }}', { Surname }));
    expect([first?.request.profile['displayName'], second?.request.profile['displayName']]).toEqual([
      'Byron',
      'Hopper',
    ]);
  });

  it.each([
    ['reads a property of JavaScript objects', '{{ row.Surname.constructor }}'],
    ['never ends', '{% for i in (1..100000000) %}{{ Surname }}{% endfor %}'],
    ['reads a column whose name is in the row', '{{ row[Surname] }}'],
  ])('that %s is a problem of the row', (_, template) => {
    expect(displayName(template, { Surname: 'Byron' }).problems).toMatchObject([
      {
        code: 'template-failed',
        message: expect.stringContaining('The template for displayName failed'),
      },
    ]);
  });

  it.each([
    [
      'loops in loops',
      `{% assign a = (1..200) %}${'{% for x in a %}'.repeat(4)}x${'{% endfor %}'.repeat(4)}`,
      STEPS,
    ],
    ['loops around nothing', '{% assign a = (1..9000) %}{% for x in a %}{% endfor %}', STEPS],
    ['table rows', '{% assign a = (1..9000) %}{% tablerow x in a %}{% endtablerow %}', STEPS],
    ['a range', '{% for x in (1..100000000) %}{% endfor %}', SIZE],
    [
      'a filter in a loop',
      `{% assign a = (1..900) %}${LOOP}{{ a | find_exp: "x", "x == 0" }}{% endfor %}`,
      SIZE,
    ],
    [
      'comparisons in a loop',
      `{% assign a = (1..900) %}${LOOP}{% if a contains 0 %}{% endif %}{% endfor %}`,
      SIZE,
    ],
    ['text that doubles', `{% assign t = Surname %}${LOOP}{% assign t = t | append: t %}{% endfor %}`, SIZE],
    [
      'text that is repeated',
      `${LOOP}{{ Surname }}{{ Surname }}{{ row.Surname }}{{ Surname | raw }}{% endfor %}`,
      SIZE,
    ],
    ['text that is transliterated', `${LOOP}{% assign x = Surname | slugify %}{% endfor %}`, SIZE],
  ])('that needs too much work for a row is a problem of each row: %s', (_, template, limit) => {
    const before = process.cpuUsage();
    const rows = Array.from({ length: 20 }, () => displayName(template, { Surname: 'Byron '.repeat(20) }));

    for (const { problems } of rows) {
      expect(problems).toMatchObject([{ code: 'template-failed', message: expect.stringContaining(limit) }]);
    }
    // Microseconds; a busy machine does not count.
    expect(process.cpuUsage(before).user).toBeLessThan(4_000_000);
  });

  it('is not interrupted on a busy machine: work is counted, not time', () => {
    const readers = loadPhoneReaders();
    const slow = {
      ...readers,
      readerFor: (country?: string) => (text: string) => {
        const endAtMs = performance.now() + 300;
        while (performance.now() < endAtMs);
        return readers.readerFor(country)(text);
      },
    };
    const compile = createTemplateCompiler(['Phone'], { phoneReaders: () => slow });
    const template = compile('{{ Phone | e164: "DE" }}{% if true %}!{% endif %}');

    expect('render' in template && template.render(['030 901820'])).toBe('+4930901820!');
  });

  it('cannot read files', () => {
    expect(() => displayName('{% include "package.json" %}{{ Surname }}', { Surname: 'Byron' })).toThrow(
      ColumnsError,
    );
  });

  it('names its column in problems if it reads only one', () => {
    const text = "profile:\n  login: Mail\n  grade: '{{ Level }}th'\n";
    const { problems } = mapped(
      { Mail: 'x', Level: '4' },
      { mappingFile: parseMappingFile(text, 'people.yaml') },
    );
    expect(problems).toMatchObject([{ code: 'not-an-integer', column: 'Level' }]);
  });
});
