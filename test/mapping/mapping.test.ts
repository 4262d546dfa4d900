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
    [
      'a name that is nothing in Okta',
      ['login', 'Shoe size'],
      'column-unknown',
      'Column "Shoe size" is nothing that Okta knows.',
    ],
    ['a slip of the keyboard', ['login', 'Job titel'], 'column-unknown', 'The nearest is "title".'],
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
    ['no login and no email', ['firstName', 'lastName'], 'login-missing', 'name one of them "login"'],
    ['a name that JavaScript objects have', ['login', 'constructor'], 'column-unknown', 'constructor'],
    [
      'a path that no object may have as a key',
      ['login', 'profile.__proto__'],
      'column-unknown',
      '__proto__',
    ],
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
  ])('says of one column of %s that the delimiter is wrong, and nothing else', (plural, line, flag) => {
    const text = 'profile:\n  login: login\n  email: email\nignore: [Notes]\n';
    for (const options of [{}, withFile(text), { ignoreColumns: ['Notes'] }]) {
      const problems = columnProblems(() => offlineMappingOf([line], options));

      expect(problems).toEqual([
        {
          code: 'delimiter-wrong',
          column: undefined,
          message: `The header is a single column that holds ${plural}: the delimiter is probably wrong, and ${flag} right.`,
        },
      ]);
      expect(new ColumnsError(problems, false).hint).toContain('Leave --delimiter out');
    }
  });

  it.each(['Name, first', 'Notes;', 'Notes'])('takes "%s" for a name', (column) => {
    expect(columnProblems(() => mappingOf([column])).map(({ code }) => code)).toEqual([
      'column-unknown',
      'login-missing',
    ]);
  });

  it('is fine as one column that is known, whatever its name holds', () => {
    expect(() => mappingOf(['a,b,c'], withFile("profile:\n  login: 'a,b,c'\n"))).not.toThrow();
  });

  it('is refused with all its columns at once', () => {
    const problems = columnProblems(() => mappingOf(['Foo', 'Bar', 'Surname', 'Last name']));
    expect(problems.map(({ code }) => code)).toEqual([
      'column-unknown',
      'column-unknown',
      'column-repeated',
      'login-missing',
    ]);
  });

  it('is fine once the columns are ignored', () => {
    expect(() =>
      mappingOf(['login', 'Shoe size', 'Notes'], { ignoreColumns: ['Shoe size', 'notes'] }),
    ).not.toThrow();
  });

  it('names the nearest column when one is ignored that is not there', () => {
    const problems = columnProblems(() => mappingOf(['login', 'city'], { ignoreColumns: ['citty'] }));
    expect(problems).toMatchObject([
      { code: 'column-missing', message: expect.stringContaining('Did you mean "city"?') },
    ]);
  });

  it('may have columns of ours, which feed nothing', () => {
    expect(() => mappingOf(['login', '_line', '_error'])).not.toThrow();
  });
});

describe('a mapping file against a header', () => {
  it('names the line and the nearest column for one that is not there', () => {
    const file = withFile('profile:\n  login: Mail\n  title: Job Titel\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Job Title'], file))).toMatchObject([
      {
        code: 'column-missing',
        message: 'people.yaml:3: title: The file has no column "Job Titel". Did you mean "Job Title"?',
      },
    ]);
  });

  it('names the line and the nearest attribute for one that the org does not have', () => {
    const file = withFile('profile:\n  login: Mail\n  shirtsize: Shirt\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Shirt'], file))).toMatchObject([
      {
        code: 'attribute-unknown',
        message: 'people.yaml:3: The org has no profile attribute "shirtsize". Did you mean "shirtSize"?',
      },
    ]);
  });

  it('may name attributes that only the org knows, offline', () => {
    const file = withFile('profile:\n  login: Mail\n  shoeSize: Shoes\n');
    expect(offlineMappingOf(['Mail', 'Shoes'], file).columnOf('profile.shoeSize')).toBe('Shoes');
  });

  it('recognises by name the columns that it does not mention', () => {
    const file = withFile('profile:\n  login: Mail\n');
    expect(mappingOf(['Mail', 'Surname'], file).columnOf('lastName')).toBe('Surname');
  });

  it('does not take a column for used because its name is part of one that a template reads', () => {
    const file = withFile('profile:\n  login: Mail\n  displayName: \'{{ row["Nick Tag"] }}\'\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Nick Tag', 'Tag'], file))).toMatchObject([
      { code: 'column-unknown', column: 'Tag' },
    ]);
  });

  it('refuses a column whose attribute it takes from elsewhere', () => {
    const file = withFile('profile:\n  login: Mail\n  title: Role\n');
    expect(columnProblems(() => mappingOf(['Mail', 'Role', 'Job title'], file))).toMatchObject([
      { code: 'column-unused', column: 'Job title', message: expect.stringContaining('people.yaml:3') },
    ]);
  });

  it('refuses a column that is mapped and ignored', () => {
    const file = withFile('profile:\n  login: Mail\nignore: [Mail]\n');
    expect(columnProblems(() => mappingOf(['Mail'], file))).toMatchObject([{ code: 'column-ignored' }]);
  });

  it.each([
    ['a column that is not there', '{{ row["Frist Name"] }}', 'Did you mean "First Name"?'],
    ['an identifier that is no column', '{{ Nickname }}', 'The file has no column "Nickname".'],
    [
      'a column inside a condition',
      '{% if Nickname != "" %}x{% endif %}',
      'The file has no column "Nickname".',
    ],
    ['an unknown filter', '{{ Mail | downcas }}', 'undefined filter: downcas'],
    ['a tag that is not closed', '{{ Mail', 'not closed'],
  ])('refuses a template with %s', (_, template, message) => {
    const file = withFile(`profile:\n  login: Mail\n  displayName: '${template}'\n`);
    expect(columnProblems(() => mappingOf(['Mail', 'First Name'], file))).toMatchObject([
      { code: 'template-invalid', message: expect.stringMatching(/^people\.yaml:3: displayName: /) },
    ]);
    expect(() => mappingOf(['Mail', 'First Name'], file)).toThrow(message);
  });

  it('refuses a constant that is not of the attribute’s type', () => {
    const file = withFile('profile:\n  login: Mail\n  grade: { value: high }\n');
    expect(columnProblems(() => mappingOf(['Mail'], file))).toMatchObject([{ code: 'constant-invalid' }]);
  });

  it('gives every row its constants, converted', () => {
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
