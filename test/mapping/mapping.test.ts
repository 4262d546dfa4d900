import { describe, expect, it } from 'vitest';
import { ColumnsError, type ColumnProblem } from '../../src/mapping/columns-error.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mapped, mappingOf, offlineMappingOf } from './build.js';

function columnProblems(compile: () => unknown): readonly ColumnProblem[] {
  try {
    compile();
  } catch (error) {
    if (error instanceof ColumnsError) return error.problems;
    throw error;
  }
  return [];
}

const withFile = (text: string) => ({ mappingFile: parseMappingFile(text, 'people.yaml') });

describe('a header that cannot be used', () => {
  it.each([
    ['an unknown name', ['login', 'Shoe size'], 'column-unknown', 'Unknown column "Shoe size".'],
    ['a typo', ['login', 'Job tilte'], 'column-unknown', 'Did you mean "title"?'],
    ['a column without a name', ['login', ' '], 'column-unknown', 'Column 2 has no name'],
    [
      'two columns for one attribute',
      ['login', 'Email', 'Work email'],
      'column-repeated',
      'Columns "Email" and "Work email" both mean email',
    ],
    [
      'a path that the org does not have',
      ['login', 'profile.shoeSize'],
      'column-unknown',
      'profile.shoeSize',
    ],
    ['no login and no email', ['firstName', 'lastName'], 'login-missing', 'Name one of the columns "login".'],
    ['a property of JavaScript objects', ['login', 'constructor'], 'column-unknown', 'constructor'],
    ['a path that is unsafe as a key', ['login', 'profile.__proto__'], 'column-unknown', '__proto__'],
  ])('%s', (_, header, code, message) => {
    expect(columnProblems(() => mappingOf(header))).toMatchObject([
      { code, message: expect.stringContaining(message) },
    ]);
  });

  it.each([
    ['commas', 'login,email,firstName,lastName', '--delimiter ","'],
    ['semicolons', 'Kennung;Anschrift;Vorname', '--delimiter ";"'],
    ['tabs', 'login\temail', '--delimiter tab'],
    ['vertical bars', 'E-mail|Given name|x, y', '--delimiter "|"'],
  ])('with a single column of %s only has a wrong delimiter', (plural, line, flag) => {
    const text = 'profile:\n  login: login\n  email: email\nignore: [Notes]\n';
    for (const options of [{}, withFile(text), { ignoreColumns: ['Notes'] }]) {
      const problems = columnProblems(() => offlineMappingOf([line], options));

      expect(problems).toEqual([
        {
          code: 'delimiter-wrong',
          column: undefined,
          message: `The header is a single column that contains ${plural}. The delimiter is probably wrong; try ${flag}.`,
        },
      ]);
      expect(new ColumnsError(problems, { attributes: new Map(), isOrgSchema: false }).hint).toContain(
        'Omit --delimiter',
      );
    }
  });

  it.each(['Name, first', 'Notes;', 'Notes'])('with the column "%s" has an unknown column', (column) => {
    expect(columnProblems(() => mappingOf([column])).map(({ code }) => code)).toEqual([
      'column-unknown',
      'login-missing',
    ]);
  });

  it('may be one known column, even with delimiters in its name', () => {
    expect(() => mappingOf(['a,b,c'], withFile("profile:\n  login: 'a,b,c'\n"))).not.toThrow();
  });

  it('reports all its columns at once', () => {
    const problems = columnProblems(() => mappingOf(['Foo', 'Bar', 'Surname', 'Last name']));
    expect(problems.map(({ code }) => code)).toEqual([
      'column-unknown',
      'column-unknown',
      'column-repeated',
      'login-missing',
    ]);
  });

  it('is accepted if the columns are ignored', () => {
    expect(() =>
      mappingOf(['login', 'Shoe size', 'Notes'], { ignoreColumns: ['Shoe size', 'notes'] }),
    ).not.toThrow();
  });

  it('suggests a column if an ignored one does not exist', () => {
    const problems = columnProblems(() => mappingOf(['login', 'city'], { ignoreColumns: ['citty'] }));
    expect(problems).toMatchObject([
      { code: 'column-missing', message: expect.stringContaining('Did you mean "city"?') },
    ]);
  });

  it('may have generated columns, which are ignored', () => {
    expect(() => mappingOf(['login', '_line', '_error'])).not.toThrow();
  });
});

describe('a mapping file for a header', () => {
  it('reports a column that does not exist with its line and a suggestion', () => {
    const file = withFile('profile:\n  login: Mail\n  title: Job Titel\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Job Title'], file))).toMatchObject([
      {
        code: 'column-missing',
        message: 'people.yaml:3: title: The file has no column "Job Titel". Did you mean "Job Title"?',
      },
    ]);
  });

  it('reports an attribute that the org does not have with its line and a suggestion', () => {
    const file = withFile('profile:\n  login: Mail\n  shirtsize: Shirt\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Shirt'], file))).toMatchObject([
      {
        code: 'attribute-unknown',
        message: 'people.yaml:3: The org has no profile attribute "shirtsize". Did you mean "shirtSize"?',
      },
    ]);
  });

  it('may use attributes that only the org knows, offline', () => {
    const file = withFile('profile:\n  login: Mail\n  shoeSize: Shoes\n');
    expect(offlineMappingOf(['Mail', 'Shoes'], file).columnOf('profile.shoeSize')).toBe('Shoes');
  });

  it('leaves other columns to be recognized by name', () => {
    const file = withFile('profile:\n  login: Mail\n');
    expect(mappingOf(['Mail', 'Surname'], file).columnOf('lastName')).toBe('Surname');
  });

  it('reports an unknown column whose name is part of one in a template', () => {
    const file = withFile('profile:\n  login: Mail\n  displayName: \'{{ row["Nick Tag"] }}\'\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Nick Tag', 'Tag'], file))).toMatchObject([
      { code: 'column-unknown', column: 'Tag' },
    ]);
  });

  it('rejects a column for an attribute that it maps already', () => {
    const file = withFile('profile:\n  login: Mail\n  title: Role\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Role', 'Job title'], file))).toMatchObject([
      { code: 'column-unused', column: 'Job title', message: expect.stringContaining('people.yaml:3') },
    ]);
  });

  it('rejects a column that is both mapped and ignored', () => {
    const file = withFile('profile:\n  login: Mail\nignore: [Mail]\n');
    expect(columnProblems(() => mappingOf(['Mail'], file))).toMatchObject([{ code: 'column-ignored' }]);
  });

  it.each([
    ['a column that does not exist', '{{ row["Frist Name"] }}', 'Did you mean "First Name"?'],
    ['an identifier that is not a column', '{{ Nickname }}', 'The file has no column "Nickname".'],
    [
      'a column inside a condition',
      '{% if Nickname != "" %}x{% endif %}',
      'The file has no column "Nickname".',
    ],
    ['an unknown filter', '{{ Mail | downcas }}', 'undefined filter: downcas'],
    ['an unclosed tag', '{{ Mail', 'not closed'],
  ])('rejects a template with %s', (_, template, message) => {
    const file = withFile(`profile:\n  login: Mail\n  displayName: '${template}'\n`);
    expect(columnProblems(() => mappingOf(['Mail', 'First Name'], file))).toMatchObject([
      { code: 'template-invalid', message: expect.stringMatching(/^people\.yaml:3: displayName: /) },
    ]);
    expect(() => mappingOf(['Mail', 'First Name'], file)).toThrow(message);
  });

  it.each([
    ['title', "title: { column: Job, split: '/' }"],
    ['city', "city: { column: Job, split: [';', ','] }"],
  ])('rejects a separator for %s, which takes a single value', (name, field) => {
    const file = withFile(`profile:\n  login: Mail\n  ${field}\n`);
    expect(columnProblems(() => mappingOf(['Mail', 'Job'], file))).toMatchObject([
      {
        code: 'split-unused',
        message: expect.stringContaining(
          `people.yaml:3: ${name}: "split" makes a list, but ${name} takes a single value`,
        ),
      },
    ]);
  });

  it('rejects a constant of the wrong type', () => {
    const file = withFile('profile:\n  login: Mail\n  grade: { value: high }\n');
    expect(columnProblems(() => mappingOf(['Mail'], file))).toMatchObject([{ code: 'constant-invalid' }]);
  });

  it('sets converted constants in every row', () => {
    const file = withFile(
      'profile:\n  login: Mail\n  remote: { value: yes }\n  grade: { value: 3 }\n  skills: { value: [a, b] }\n',
    );
    expect(mapped({ Mail: 'ada@example.com' }, file).request.profile).toEqual({
      login: 'ada@example.com',
      remote: true,
      grade: 3,
      skills: ['a', 'b'],
    });
  });
});
