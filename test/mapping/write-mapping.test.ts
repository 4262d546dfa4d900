import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';

import { parseMappingFile, type MappingFile } from '../../src/mapping/mapping-file.js';
import { presetNames, readPreset } from '../../src/mapping/presets.js';
import { writeMapping } from '../../src/mapping/write-mapping.js';

import { fixture } from '../helpers/workplace.js';

function write(mapping: MappingFile): string {
  return writeMapping({ ...mapping, ignore: mapping.ignore.map(({ column }) => column) }, 'A mapping');
}

/** Without lines, names and the order of keys. */
function contentOf({ fields, ignore, isOptional, timeZone }: MappingFile) {
  return {
    fields: Object.fromEntries(fields.map(({ path, source }) => [path, source])),
    ignore: ignore.map(({ column }) => column),
    isOptional,
    timeZone,
  };
}

describe('a written mapping is read as the same', () => {
  it.each(presetNames)('as the preset %s', (name) => {
    const preset = readPreset(name);

    expect(contentOf(parseMappingFile(write(preset), 'written.yaml'))).toEqual(contentOf(preset));
  });

  it.each(['every-key.yaml', 'bcrypt-hash.yaml', 'federated.yaml', 'password-hook.yaml'])(
    'as the mapping file %s',
    (name) => {
      const mapping = parseMappingFile(readFileSync(fixture(`mappings/${name}`), 'utf8'), name);

      expect(contentOf(parseMappingFile(write(mapping), 'written.yaml'))).toEqual(contentOf(mapping));
    },
  );

  it.each(['{ generate: 16 }', '{ column: [Word, Pass word], generate: 20 }'])(
    'with generated passwords: %s',
    (password) => {
      const mapping = parseMappingFile(`profile: { login: Mail }\npassword: ${password}`, 'm.yaml');

      expect(contentOf(parseMappingFile(write(mapping), 'written.yaml'))).toEqual(contentOf(mapping));
    },
  );

  it('with any names, cells and separators', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((each) => each.trim())
      .filter((each) => each !== '');
    fc.assert(
      fc.property(text, text, text, text, (column, other, cell, value) => {
        const fields = [
          { path: 'profile.login', source: { kind: 'column', column } },
          {
            path: 'profile.title',
            source: { kind: 'column', column: other, values: new Map([[cell, value]]) },
          },
          { path: 'credentials.password.value', source: { kind: 'column', column } },
          { path: 'groupIds', source: { kind: 'columns', columns: [column, other], split: [value, ','] } },
          { path: 'start', source: { kind: 'column', column, date: 'dd/MM/yyyy' } },
        ] as const;
        const mapping = { fields, ignore: [other], isOptional: true, timeZone: 'Europe/Berlin' };

        const read = parseMappingFile(writeMapping(mapping, cell), 'written.yaml');

        expect(contentOf(read)).toEqual({
          ...mapping,
          fields: Object.fromEntries(fields.map(({ path, source }) => [path, source])),
        });
      }),
    );
  });
});

it('a mapping of plain columns is as short as one that is written by hand', () => {
  const mapping = {
    fields: [
      { path: 'profile.login', source: { kind: 'column', column: 'E-Mail' } },
      {
        path: 'profile.countryCode',
        source: { kind: 'column', column: 'Land', values: new Map([['Japan', 'JP']]) },
      },
      { path: 'credentials.password.value', source: { kind: 'column', column: 'Start password' } },
    ],
    ignore: ['Notes'],
    isOptional: false,
  } as const;

  expect(writeMapping(mapping, 'Mapping for people.csv')).toBe(`# Mapping for people.csv
profile:
  login: E-Mail
  countryCode: { column: Land, values: { Japan: JP } }
credentials:
  password: { column: Start password }
ignore:
  - Notes
`);
});
