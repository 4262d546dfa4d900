import { createReadStream } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/csv/read-csv.js';
import { draftMapping } from '../../src/mapping/draft-mapping.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { baseSchema } from '../../src/validation/user-schema.js';
import { mappingOf, offlineMappingOf, orgAttributes } from './build.js';

function draft(header: readonly string[], isOrgSchema = false): string {
  const attributes = new Map(Object.entries(isOrgSchema ? orgAttributes : baseSchema.attributes));
  return draftMapping({
    header,
    known: { attributes, isOrgSchema },
    required: baseSchema.required,
    fileName: 'people.csv',
    checkCommand: 'okta-csv-import validate people.csv --mapping people.yaml',
  });
}

const compiled = (header: readonly string[]) =>
  offlineMappingOf(header, { mappingFile: parseMappingFile(draft(header), 'people.yaml') });

describe('a drafted mapping', () => {
  it('maps recognized columns and lists the others with suggestions', () => {
    const header = [
      'E-mail',
      'First Name',
      'Job tilte',
      'Departmetn',
      'Shoe size',
      'Work email',
      'Teams',
      'Groups',
      '_line',
    ];
    const lines = draft(header).split('\n');
    expect(lines.filter((line) => !line.startsWith('#') && !line.startsWith('  #'))).toEqual([
      '',
      'profile:',
      '  login: E-mail   # no login column, so the email is used',
      '  email: E-mail',
      '  firstName: First Name',
      '',
      'groups: { column: Groups, split: ";" }   # names or IDs',
      '',
      'ignore:',
      '  - Job tilte   # title?',
      '  - Departmetn   # department?',
      '  - Shoe size',
      '  - Work email   # email, like "E-mail"',
      '  - Teams   # groups?',
      '',
    ]);
    expect(lines).toContain('  # lastName:   # required by Okta, but no column provides it');
  });

  it('has a hint for attributes that are not text', () => {
    const header = ['login', 'Skills', 'Remote', 'Grade', 'Badge'];
    const text = draft(header, true);
    expect(text).toContain(
      '  skills: { column: Skills, split: ";" }\n  remote: Remote   # boolean\n  grade: Grade   # integer',
    );
    expect(() => mappingOf(header, { mappingFile: parseMappingFile(text, 'people.yaml') })).not.toThrow();
  });

  it('suggests a login from the names if there is no login column', () => {
    expect(draft(['First name', 'Last name'])).toContain(
      String.raw`  login: "{{ row[\"First name\"] | slugify }}.{{ row[\"Last name\"] | slugify }}@example.com"`,
    );
  });

  it('puts secrets under credentials', () => {
    const header = ['login', 'password', 'recoveryQuestion', 'recoveryAnswer', 'credentials.provider.type'];
    const hash = ['credentials.password.hash.algorithm', 'credentials.password.hash.value'];
    const mapping = compiled([...header, ...hash]);
    expect([...mapping.secretColumns].toSorted((one, other) => one - other)).toEqual([1, 3, 6]);
  });

  it('starts from the preset that fits the export', async () => {
    for (const name of ['google', 'entra', 'entra-download', 'bamboohr', 'workday']) {
      const { header } = await readCsv(createReadStream(`fixtures/exports/${name}.csv`));
      const text = draft(header);
      expect(text).toContain(`does the same as --mapping preset:${name.replace('-download', '')}.`);
      expect(compiled(header).columnOf('login')).toBeDefined();
      expect(text).toMatch(/^ {2}email: /m);
    }
  });

  it('compiles for its header, whatever the header', () => {
    const usual = fc.constantFrom(
      'login',
      'E-mail',
      'First Name',
      'password',
      'groups',
      'type',
      'profile.x',
      'true',
      '2024',
    );
    const odd = fc.constantFrom(
      '{{ x }}',
      "it's",
      '"a"',
      `'"`,
      'a: b',
      '# c',
      '- d',
      'e\nf',
      '\u2028',
      '{%',
      '%}',
      'ümlaut',
      '&a',
      '*a',
      '!x',
    );
    const column = fc.oneof(usual, odd, fc.string({ unit: 'binary' }));
    const header = fc.uniqueArray(
      column.map((name) => name.trim()).filter((name) => name !== ''),
      { minLength: 1, maxLength: 8, selector: (name) => name.normalize('NFC').toLowerCase() },
    );
    fc.assert(
      fc.property(
        header.filter((names) => names.some((name) => !name.startsWith('_'))),
        (names) => {
          expect(() => compiled(names)).not.toThrow();
        },
      ),
      { numRuns: 100 },
    );
  });
});
