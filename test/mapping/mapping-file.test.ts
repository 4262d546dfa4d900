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

describe('a mapping file', () => {
  it('makes a user request of every key that it can have', () => {
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
    const others = ['Teams', 'Kind', 'Notes', 'Badge No', 'Phone', 'Remote', 'Score'];
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
        row([...cells, 'Staff, London', 'contractor', 'n', '7', '030 901820', 'Ja', '1.234,5']),
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

  it('names every wrong key with its line and the nearest right one', () => {
    const text = readFileSync('fixtures/mappings/wrong-keys.yaml', 'utf8');
    const problems = problemsOf(text);

    expect(problems).toEqual([
      'people.yaml:1: Unknown key "profil" in the mapping file. Did you mean "profile"? It takes: profile, credentials, groups, type, ignore, optional.',
      'people.yaml:4: Unknown key "colum" in login. Did you mean "column"? It takes: column, template, value, split, date, e164, decimal, true, false.',
      'people.yaml:4: login needs exactly one of: column, template, value.',
      'people.yaml:5: "first-name" cannot be an Okta attribute: a name is letters, digits and _, and starts with a letter.',
      'people.yaml:6: level: write { value: 5 } for a constant, or "5" for a column of that name.',
      expect.stringMatching(/^people\.yaml:7: date: "MM\/dd\/jjjj" is not a date format/),
      'people.yaml:8: title needs exactly one of: column, template, value.',
      'people.yaml:9: city needs a column, a template, or { column | template | value: ... }.',
      expect.stringMatching(
        /^people\.yaml:11: Unknown key "passwort" in credentials\. Did you mean "password"\?/,
      ),
      expect.stringMatching(/^people\.yaml:12: Unknown key "saltorder" in hash\. Did you mean "saltOrder"\?/),
      'people.yaml:13: hook is default, or { column: ... }.',
      'people.yaml:14: type is FEDERATION or SOCIAL, or { column: ... }.',
      'people.yaml:15: groups needs a column, a template, or { column | template | value: ... }.',
    ]);
  });

  it('names the line of broken YAML and says nothing else', () => {
    const problems = problemsOf(readFileSync('fixtures/mappings/broken-syntax.yaml', 'utf8'));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(/^people\.yaml:[34]: /);
  });

  it.each([
    ['an empty file', '', 'people.yaml:1: Nothing is mapped here'],
    ['a list', '- login', 'people.yaml:1: the mapping file takes keys'],
    [
      'a key that stands twice',
      'profile:\n  login: a\n  login: b\n',
      'people.yaml:3: This key stands here a second time.',
    ],
    ['a constant with a split', 'profile:\n  login: { value: a, split: "," }\n', 'a constant takes no split'],
    [
      'a country that there is none of',
      'profile:\n  mobilePhone: { column: Phone, e164: UK }\n',
      "people.yaml:2: e164 takes a country's two letters, such as DE or US (or GB)",
    ],
    [
      'another decimal separator',
      'profile:\n  fte: { column: FTE, decimal: ";" }\n',
      'decimal is "," or "."',
    ],
    [
      'words that are none',
      'profile:\n  remote: { column: Remote, true: [ja, ~] }\n',
      'true takes the words for it',
    ],
    ['a date that is a phone number', 'profile:\n  a: { column: A, date: d.M.yyyy, e164: DE }\n', 'not both'],
    [
      'optional that is no yes or no',
      'optional: maybe\nprofile:\n  login: a\n',
      'people.yaml:1: optional is true or false',
    ],
    [
      'a password that is a constant',
      'credentials:\n  password: { value: secret }\n',
      'Unknown key "value" in password',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });

  it('never fails with anything but an error of ours, whatever the text', () => {
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
