import { describe, expect, it } from 'vitest';
import { ColumnsError } from '../../src/mapping/columns-error.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mapped } from './build.js';

function displayName(template: string, cells: Readonly<Record<string, string>>) {
  const text = `profile:\n  login: Mail\n  displayName: ${JSON.stringify(template)}\n`;
  return mapped(
    { Mail: 'ada@example.com', ...cells },
    { mappingFile: parseMappingFile(text, 'people.yaml') },
  );
}

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

  it('is rendered anew for each row', () => {
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
