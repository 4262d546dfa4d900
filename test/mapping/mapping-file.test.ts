import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MappingFileError, parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mappingFile, mappingOf, row } from './build.js';
import { toUserRequest } from '../../src/mapping/user-request.js';

function problemsOf(text: string): readonly string[] {
  try {
    parseMappingFile(text, 'people.yaml');
  } catch (error) {
    if (error instanceof MappingFileError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('generated passwords', () => {
  it.each(['password: { generate: 16 }', 'credentials: { password: { generate: 16 } }'])(
    'are asked for by %s',
    (password) => {
      const text = `profile: { login: login }\n${password}\n`;
      const mapping = mappingOf(['login'], { mappingFile: parseMappingFile(text, 'people.yaml') });

      const { passwordLength, request } = toUserRequest(row(['ann@example.com']), mapping);

      expect({ passwordLength, request }).toEqual({
        passwordLength: 16,
        request: { profile: { login: 'ann@example.com' } },
      });
    },
  );

  it('are made where the column of passwords is empty, or absent from an optional mapping', () => {
    const text =
      'optional: true\nprofile: { login: login }\npassword: { column: [Pw, Password], generate: 20 }\n';
    const mappingFile = parseMappingFile(text, 'people.yaml');
    const lengthOf = (header: string[], cells: string[]): number | undefined =>
      toUserRequest(row(cells), mappingOf(header, { mappingFile })).passwordLength;

    expect(lengthOf(['login', 'Password'], ['ann@example.com', 'Given-2026'])).toBeUndefined();
    expect(lengthOf(['login', 'Password'], ['ann@example.com', ' '])).toBe(20);
    expect(lengthOf(['login'], ['ann@example.com'])).toBe(20);
  });

  it.each([
    ['{ generate: 11 }', 'generate must be the length of the passwords, from 12 to 72.'],
    ['{ generate: 73 }', 'generate must be the length of the passwords, from 12 to 72.'],
    ['{ generate: 16.5 }', 'generate must be the length of the passwords, from 12 to 72.'],
    ['{ generate: yes }', 'generate must be the length of the passwords, from 12 to 72.'],
    ['{ value: secret }', expect.stringContaining('Unknown key "value"')],
    ['{ }', 'password needs a column, or generate: with the length of the passwords.'],
  ])('%s is a problem', (password, problem) => {
    const [found = ''] = problemsOf(`profile: { login: login }\npassword: ${password}\n`);
    expect(found.replace('people.yaml:2: ', '')).toEqual(problem);
  });

  it('are not given twice', () => {
    const text = 'profile: { login: login }\npassword: { generate: 16 }\ncredentials: { password: Pw }\n';
    expect(problemsOf(text)).toContain('people.yaml:3: password is given twice. Remove one of them.');
  });
});

describe('a mapping file', () => {
  it('can have all of these keys', () => {
    const header = [
      'E-mail',
      'Given Name',
      'Surname',
      'Skills',
      'Start',
      'Temp Password',
      'Question',
      'Answer',
    ];
    const others = ['Teams', 'Kind', 'Notes', 'Badge No', 'Phone', 'Remote', 'Score', 'Country'];
    const mapping = mappingOf([...header, ...others], { mappingFile: mappingFile('every-key.yaml') });
    const cells = [
      'Ada@Example.com',
      'Ada',
      'Byron',
      'maths; poetry',
      '10/12/2015',
      'Tr0ub4dor',
      'First car?',
      'A Mini',
    ];

    expect(
      toUserRequest(
        row([...cells, 'Staff, London', 'contractor', 'n', '7', '030 901820', 'Ja', '1.234,5', 'germany']),
        mapping,
      ),
    ).toMatchObject({
      login: 'ada@example.com',
      request: {
        profile: {
          login: 'ada@example.com',
          email: 'Ada@Example.com',
          firstName: 'Ada',
          lastName: 'Byron',
          displayName: 'Ada Byron',
          skills: ['maths', 'poetry'],
          costCenter: 'EMEA-1',
          startDate: '2015-12-10',
          mobilePhone: '+4930901820',
          remote: true,
          score: 1234.5,
          countryCode: 'DE',
        },
        credentials: {
          password: { value: 'Tr0ub4dor' },
          recovery_question: { question: 'First car?', answer: 'A Mini' },
        },
      },
      groups: ['Staff', 'London'],
      type: 'contractor',
      problems: [],
    });
  });

  it.each(['values: DE', 'values: {}', 'values: { Germany: }', 'values: { Germany: [DE] }'])(
    'reports replacements that are none: %s',
    (values) => {
      expect(problemsOf(`profile: { countryCode: { column: Land, ${values} } }`)).toEqual([
        expect.stringContaining('values must be a map of cells to what is sent instead'),
      ]);
    },
  );

  it('replaces cells in any case, unless there is one in that case, and also the empty one', () => {
    const text =
      'profile: { login: Mail, title: { column: Title, values: { dev: Developer, QA: Tester, qa: Quality, "": None } } }';
    const mapping = mappingOf(['Mail', 'Title'], { mappingFile: parseMappingFile(text, 'm.yaml') });
    const titleOf = (cell: string) =>
      toUserRequest(row(['ada@example.com', cell]), mapping).request.profile['title'];

    expect(['dev', 'DEV', ' Dev ', 'QA', 'qa', '', 'Boss'].map(titleOf)).toEqual([
      'Developer',
      'Developer',
      'Developer',
      'Tester',
      'Quality',
      'None',
      'Boss',
    ]);
  });

  it('reports every wrong key with its line and a suggestion', () => {
    const text = readFileSync('fixtures/mappings/wrong-keys.yaml', 'utf8');
    const problems = problemsOf(text);

    expect(problems).toEqual([
      'people.yaml:1: Unknown key "profil" in the mapping file. Did you mean "profile"? Known keys: profile, credentials, password, groups, type, realm, realmId, start, end, timeZone, ignore, optional.',
      'people.yaml:4: Unknown key "colum" in login. Did you mean "column"? Known keys: column, columns, fullName, person, template, value, split, part, as, date, e164, decimal, values, true, false.',
      'people.yaml:4: login needs exactly one of column, columns, fullName, person, template, or value.',
      'people.yaml:5: "first-name" cannot be an Okta attribute: names are letters, digits and _, and start with a letter.',
      'people.yaml:6: level: write { value: 5 } for a constant, or "5" for a column with that name.',
      expect.stringMatching(/^people\.yaml:7: date: "MM\/dd\/jjjj" is not a date format/),
      'people.yaml:8: title needs exactly one of column, columns, fullName, person, template, or value.',
      'people.yaml:9: city needs a column, a template, or { column | template | value: ... }.',
      expect.stringMatching(
        /^people\.yaml:11: Unknown key "passwort" in credentials\. Did you mean "password"\?/,
      ),
      expect.stringMatching(/^people\.yaml:12: Unknown key "saltorder" in hash\. Did you mean "saltOrder"\?/),
      'people.yaml:13: hook must be default or { column: ... }.',
      'people.yaml:14: type must be FEDERATION, SOCIAL, or { column: ... }.',
      'people.yaml:15: groups needs a column, a template, or { column | template | value: ... }.',
    ]);
  });

  it('reports only syntax errors in broken YAML', () => {
    const problems = problemsOf(readFileSync('fixtures/mappings/broken-syntax.yaml', 'utf8'));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^people\.yaml:[34]: /);
  });

  it.each([
    ['an empty file', '', 'people.yaml:1: The file maps nothing.'],
    ['a list', '- login', 'people.yaml:1: Expected keys in the mapping file'],
    ['a repeated key', 'profile:\n  login: a\n  login: b\n', 'people.yaml:3: Duplicate key.'],
    [
      'a constant with a split',
      'profile:\n  login: { value: a, split: "," }\n',
      'A constant cannot have split',
    ],
    [
      'an unknown country',
      'profile:\n  mobilePhone: { column: Phone, e164: UK }\n',
      'people.yaml:2: e164 must be a two-letter country code, such as GB.',
    ],
    [
      'another decimal separator',
      'profile:\n  fte: { column: FTE, decimal: ";" }\n',
      'decimal must be "," or "."',
    ],
    [
      'boolean words that are not text',
      'profile:\n  remote: { column: Remote, true: [ja, ~] }\n',
      'true must be a list of words',
    ],
    [
      'both a date and a phone number',
      'profile:\n  a: { column: A, date: d.M.yyyy, e164: DE }\n',
      'cannot be both',
    ],
    [
      'no column at all',
      'profile:\n  a: { column: [] }\n',
      'people.yaml:2: column must be the name of a column.',
    ],
    [
      'optional that is not a boolean',
      'optional: maybe\nprofile:\n  login: a\n',
      'people.yaml:1: optional must be true or false',
    ],
    [
      'a constant password',
      'credentials:\n  password: { value: secret }\n',
      'Unknown key "value" in password',
    ],
  ])('rejects %s', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });

  it('only throws MappingFileError, whatever the text', () => {
    const line = fc.constantFrom(
      'profile:',
      '  login: a',
      ' - x',
      'groups: {',
      '}',
      '&a',
      '*a',
      '  ? b',
      'type: !!x 1',
      '"',
      '---',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line).map((lines) => lines.join('\n')),
        ),
        (text) => {
          expect(() => problemsOf(text)).not.toThrow();
        },
      ),
    );
  });
});

it('an alias bomb is rejected with its line', () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) =>
      `l${level}: &l${level} [${
        level === 0
          ? '1'
          : Array(9)
              .fill(`*l${level - 1}`)
              .join(', ')
      }]`,
  );
  const text = [...levels, 'ignore: *l5', 'profile:', '  login: Mail', ''].join('\n');

  expect(() => parseMappingFile(text, 'people.yaml')).toThrow(
    'people.yaml:6: More than 20000 values, aliases included.',
  );
});
