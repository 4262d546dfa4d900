import { expect, it } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

const CSV = 'mail,given,family,Notes\nada@example.com,Ada,Lovelace,x\n';
const PROFILE = 'login: mail, email: mail, firstName: given, lastName: family';
const IGNORE = 'ignore: [Notes]\n';

const WRONG_KEYS: readonly (readonly [what: string, mapping: string])[] = [
  ['broken YAML', 'profile:\n  login: [mail\n'],
  ['a duplicate key', 'profile:\n  login: mail\n  login: mail\n'],
  ['not a map', 'login\n'],
  ['nothing', 'ignore: [Notes]\n'],
  ['unknown keys', 'profil: { login: mail }\n'],
  ['unknown keys of a source', 'profile: { login: { colum: mail } }\n'],
  ['an invalid attribute name', 'profile: { first-name: given }\n'],
  ['a list instead of keys', 'profile: [login, mail]\n'],
  ['no source', 'profile:\n  login:\n'],
  ['a number without value:', 'profile: { level: 5 }\n'],
  ['two sources', 'profile: { title: { column: a, template: "{{ b }}" } }\n'],
  ['a constant with a format', 'profile: { title: { value: a, split: ";" } }\n'],
  ['an invalid constant', 'profile: { title: { value: { a: b } } }\n'],
  ['a template with a date', 'profile: { title: { template: "{{ given }}", date: yyyy-MM-dd } }\n'],
  ['a template with e164', 'profile: { title: { template: "{{ given }}", e164: DE } }\n'],
  ['a date and a phone number', 'profile: { title: { column: given, date: yyyy-MM-dd, e164: DE } }\n'],
  ['an invalid date format', 'profile: { title: { column: given, date: MM/dd/jjjj } }\n'],
  ['an invalid country', 'profile: { title: { column: given, e164: Germany } }\n'],
  ['the United Kingdom', 'profile: { title: { column: given, e164: UK } }\n'],
  ['an invalid decimal separator', 'profile: { title: { column: given, decimal: ";" } }\n'],
  ['invalid words', 'profile: { title: { column: given, true: { a: b } } }\n'],
  ['an empty delimiter', 'profile: { title: { column: given, split: "" } }\n'],
  ['a full name without a part', 'profile: { firstName: { fullName: given } }\n'],
  ['a part of no full name', 'profile: { firstName: { column: given, part: given } }\n'],
  ['a full name with a format', 'profile: { firstName: { fullName: given, part: given, split: ";" } }\n'],
  ['several columns with a format', 'groups: { columns: [given, family], date: yyyy }\n'],
  ['several columns without one', 'groups: { columns: [] }\n'],
  ['a column without a name', 'profile: { title: { column: "" } }\n'],
  ['credentials', 'credentials: { passwort: secret }\n'],
  ['a password without a column', 'credentials: { password: {} }\n'],
  ['a hash', 'credentials: { hash: { algorithm: BCRYPT, saltorder: PREFIX } }\n'],
  ['a hook', 'credentials: { hook: custom }\n'],
  ['a provider', 'credentials: { provider: { type: OKTA } }\n'],
  ['groups in a list', 'groups: [a, b]\n'],
  ['optional', `profile: { ${PROFILE} }\noptional: perhaps\n`],
];

const MISFITS: readonly (readonly [what: string, mapping: string, ...args: string[]])[] = [
  ['a column that the file does not have', `profile: { ${PROFILE}, title: Titel }\n${IGNORE}`],
  ['an unknown column with a similar one', `profile: { ${PROFILE}, title: note }\n`],
  [
    'several columns, none of them in the file',
    `profile: { ${PROFILE}, title: { column: [Job, Role] } }\n${IGNORE}`,
  ],
  [
    'attribute-unknown: an attribute that Okta does not have',
    `profile: { ${PROFILE}, titel: Notes }\n`,
    '--org',
  ],
  ['an attribute that Okta does not have, offline', `profile: { ${PROFILE}, titel: Notes }\n`],
  ['a column that is not mapped', `profile: { ${PROFILE} }\n`],
  ['column-ignored: a column that is mapped and ignored', `profile: { ${PROFILE}, title: Notes }\n${IGNORE}`],
  ['an ignored column that the file does not have', `profile: { ${PROFILE} }\nignore: [Notes, Badge]\n`],
  ['template-invalid: a template with a syntax error', `profile: { ${PROFILE}, title: "{{ Notes" }\n`],
  ['a template with an unknown column', `profile: { ${PROFILE}, title: "{{ row.Note }}" }\n`],
  ['a template with an unknown filter', `profile: { ${PROFILE}, title: "{{ Notes | shout }}" }\n`],
  ['a template with an invalid country', `profile: { ${PROFILE}, title: '{{ Notes | e164: "XX" }}' }\n`],
  ['a template with an unknown language', `profile: { ${PROFILE}, title: '{{ Notes | slugify: "xx" }}' }\n`],
  [
    'constant-invalid: a constant of the wrong type',
    `profile: { ${PROFILE}, level: { value: high } }\n${IGNORE}`,
    '--org',
  ],
  [
    'split-unused: a separator for a single value',
    `profile: { ${PROFILE}, title: { column: Notes, split: "/" } }\n`,
  ],
  ['no login', `profile: { firstName: given, lastName: family, title: mail }\n${IGNORE}`],
];

it('invalid mapping files', async () => {
  const transcript = new Transcript();
  const { env } = await sandboxOrg({ seed: demoSeed });
  const tryEach = async (
    topic: string,
    mappings: readonly (readonly [what: string, mapping: string, ...args: string[]])[],
  ): Promise<void> => {
    transcript.section(topic);
    for (const [what, mapping, ...args] of mappings) {
      const at = workplace();
      const file = at.file('people.csv', CSV);
      at.file('mapping.yaml', mapping);
      transcript.add(`${what}: the mapping`, mapping);
      await transcript.command(what, ['validate', file, '--mapping=mapping.yaml', '--run-id=it', ...args], {
        at,
        env,
      });
    }
  };

  await tryEach('Keys and values', WRONG_KEYS);
  await tryEach('Mappings that do not match the file', MISFITS);
  transcript.section('A column that another mapping replaces');
  const at = workplace();
  const file = at.file(
    'people.csv',
    'login,email,firstName,lastName,title,Job\na@example.com,a@example.com,A,B,C,D\n',
  );
  at.file('mapping.yaml', 'profile: { title: Job }\n');
  await transcript.command(
    'column-unused: a column that the mapping takes from elsewhere',
    ['validate', file, '--mapping=mapping.yaml'],
    { at, env },
  );

  await expect(transcript.text).toMatchFileSnapshot('snapshots/mapping-files.txt');
});
