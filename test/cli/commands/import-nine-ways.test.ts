import { expect, it } from 'vitest';

import type { User } from '../../../src/okta/types.js';
import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { recordedOrg } from '../../helpers/recorder.js';
import { fixture, workplace } from '../../helpers/workplace.js';
import { hashVectors } from '../../mapping/hash-vectors.js';

/** The profile of the examples in Okta's documentation. */
const profile = (name: string, firstName: string, lastName: string): Record<string, string> => ({
  login: `${name}@example.com`,
  email: `${name}@example.com`,
  firstName,
  lastName,
});
const KOFI = profile('kofi.appiah', 'Kofi', 'Appiah');
const INES = profile('ines.moreau', 'Inès', 'Moreau');
/** The test vector of each user in 4-hashed-password.csv. */
const HASHED_PEOPLE: readonly (readonly [name: string, firstName: string, lastName: string])[] = [
  ['sha512.prefix', 'SHA-512', 'PREFIX'],
  ['sha256.prefix', 'SHA-256', 'PREFIX'],
  ['sha256.postfix', 'SHA-256', 'POSTFIX'],
  ['sha256.unsalted', 'SHA-256', 'unsalted'],
  ['sha1.prefix', 'SHA-1', 'PREFIX'],
  ['md5.prefix', 'MD5', 'PREFIX'],
  ['pbkdf2.sha256', 'PBKDF2', 'SHA-256'],
  ['pbkdf2.sha512', 'PBKDF2', 'SHA-512'],
  ['bcrypt.fields', 'bcrypt', 'fields'],
];
const PASSWORD = { value: 'Correct-Horse-7' };
const RECOVERY = { question: 'First car, and its color?', answer: 'A green Mini' };

interface Way {
  readonly way: string;
  readonly file: string;
  readonly mapping?: string;
  readonly flags?: readonly string[];
  readonly query?: string;
  readonly bodies: readonly object[];
  /** Status and provider of each user in the org afterwards. */
  readonly become: readonly string[];
}

const WAYS: readonly Way[] = [
  {
    way: '1: without credentials',
    file: '1-without-credentials.csv',
    bodies: [{ profile: KOFI }, { profile: INES }],
    become: ['PROVISIONED OKTA', 'PROVISIONED OKTA'],
  },
  {
    way: '1: without credentials, staged',
    file: '1-without-credentials.csv',
    flags: ['--no-activate'],
    query: 'activate=false',
    bodies: [{ profile: KOFI }, { profile: INES }],
    become: ['STAGED OKTA', 'STAGED OKTA'],
  },
  {
    way: '2: recovery question',
    file: '2-recovery-question.csv',
    bodies: [
      {
        profile: profile('vera.lindqvist', 'Vera', 'Lindqvist'),
        credentials: { recovery_question: RECOVERY },
      },
    ],
    become: ['PROVISIONED OKTA'],
  },
  {
    way: '3: password',
    file: '3-password.csv',
    bodies: [{ profile: profile('daniel.abebe', 'Daniel', 'Abebe'), credentials: { password: PASSWORD } }],
    become: ['ACTIVE OKTA'],
  },
  {
    way: '3: password to be changed at the first sign-in',
    file: '3-password.csv',
    flags: ['--change-password'],
    query: 'activate=true&nextLogin=changePassword',
    bodies: [{ profile: profile('daniel.abebe', 'Daniel', 'Abebe'), credentials: { password: PASSWORD } }],
    become: ['PASSWORD_EXPIRED OKTA'],
  },
  {
    way: '4: imported hashed password, every algorithm',
    file: '4-hashed-password.csv',
    bodies: hashVectors.map((hash, index) => ({
      profile: profile(...HASHED_PEOPLE[index]!),
      credentials: { password: { hash } },
    })),
    become: Array.from({ length: 9 }, () => 'ACTIVE IMPORT'),
  },
  {
    way: '4: imported hashed password, bcrypt in one column by a mapping file',
    file: '4-bcrypt-export.csv',
    mapping: '4-bcrypt-export.yaml',
    flags: ['--no-activate'],
    query: 'activate=false',
    bodies: [
      {
        profile: profile('oksana.melnyk', 'Oksana', 'Melnyk'),
        credentials: {
          password: {
            hash: {
              algorithm: 'BCRYPT',
              workFactor: 10,
              salt: 'N9qo8uLOickgx2ZMRZoMye',
              value: 'gKzwLSFImn53JoPgteSHYpkmiwMtnL2',
            },
          },
        },
      },
    ],
    become: ['STAGED IMPORT'],
  },
  {
    way: '5: password import inline hook',
    file: '5-password-hook.csv',
    bodies: [
      {
        profile: profile('tariq.mansour', 'Tariq', 'Mansour'),
        credentials: { password: { hook: { type: 'default' } } },
      },
    ],
    become: ['ACTIVE IMPORT'],
  },
  {
    way: '5: password import inline hook for everyone by a mapping file',
    file: '1-without-credentials.csv',
    mapping: '5-password-hook.yaml',
    bodies: [
      { profile: KOFI, credentials: { password: { hook: { type: 'default' } } } },
      { profile: INES, credentials: { password: { hook: { type: 'default' } } } },
    ],
    become: ['ACTIVE IMPORT', 'ACTIVE IMPORT'],
  },
  {
    way: '6: password and recovery question',
    file: '6-password-and-recovery-question.csv',
    bodies: [
      {
        profile: profile('aiko.yamada', 'Aiko', '山田'),
        credentials: { password: PASSWORD, recovery_question: RECOVERY },
      },
    ],
    become: ['ACTIVE OKTA'],
  },
  {
    way: '7: authentication provider',
    file: '7-authentication-provider.csv',
    query: 'activate=true&provider=true',
    bodies: [
      {
        profile: profile('sven.oberg', 'Sven', 'Öberg'),
        credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } },
      },
      {
        profile: profile('lucia.bianchi', 'Lucia', 'Bianchi'),
        credentials: { provider: { type: 'SOCIAL', name: 'SOCIAL' } },
      },
    ],
    become: ['ACTIVE FEDERATION', 'ACTIVE SOCIAL'],
  },
  {
    way: '7: authentication provider for everyone by a mapping file, staged',
    file: '1-without-credentials.csv',
    mapping: '7-authentication-provider.yaml',
    flags: ['--no-activate'],
    query: 'activate=false&provider=true',
    bodies: [
      { profile: KOFI, credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } } },
      { profile: INES, credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } } },
    ],
    become: ['STAGED FEDERATION', 'STAGED FEDERATION'],
  },
];

it.each(WAYS.map((way) => [way.way, way] as const))(
  'sends exactly what Okta documents for way %s, and the org makes of it what it should',
  async (_, { file, mapping, flags = [], query = 'activate=true', bodies, become }) => {
    const org = await recordedOrg({ seed: demoSeed });
    const at = workplace();

    const result = await cli(
      [
        'import',
        fixture(`ways/${file}`),
        ...(mapping === undefined ? [] : ['--mapping', fixture(`ways/${mapping}`)]),
        ...flags,
        '--concurrency=1',
      ],
      { at, env: orgSettings(org) },
    );

    expect(result).toMatchObject({ exitCode: 0 });
    expect(org.creates()).toStrictEqual(bodies.map((body) => ({ query, body })));
    expect(
      createdIn(org.okta).map(({ status, credentials }) => `${status} ${credentials?.provider.type}`),
    ).toEqual(become);
  },
);

it('adds users to groups (way 8) by name and by ID, and looks up each group once', async () => {
  const org = await recordedOrg({ seed: demoSeed });
  const at = workplace();
  const byName = await cli(['import', fixture('ways/8-into-groups.csv'), '--concurrency=1'], {
    at,
    env: orgSettings(org),
  });
  const [engineering, berlin] = groupIdsOf(org.creates()[0]!.body);
  const byId = at.file(
    'by-id.csv',
    `login,email,firstName,lastName,groupIds
rin.abe@example.com,rin.abe@example.com,Rin,Abe,${berlin};Sales
max.roth@example.com,max.roth@example.com,Max,Roth,${berlin}; ${engineering} ;
eva.roth@example.com,eva.roth@example.com,Eva,Roth,
`,
  );
  const asked = org.requests.length;
  const second = await cli(['import', byId, '--concurrency=1'], { at, env: orgSettings(org) });

  expect([byName.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(org.okta.groupsOf('marta.nowak')).toEqual(['Engineering', 'Berlin office']);
  expect(org.okta.groupsOf('juma.otieno')).toEqual(['Support']);
  expect(org.okta.groupsOf('rin.abe')).toEqual(['Berlin office', 'Sales']);
  expect(org.okta.groupsOf('max.roth')).toEqual(['Berlin office', 'Engineering']);
  expect(org.creates()[4]!.body).not.toHaveProperty('groupIds');
  const groupRequests = org.requests.slice(asked).filter(({ path }) => path.startsWith('/api/v1/groups'));
  expect(groupRequests.map(({ path, query }) => path + decodeURIComponent(query))).toEqual([
    `/api/v1/groups/${berlin}`,
    '/api/v1/groupssearch=profile.name eq "Sales"&limit=10',
    `/api/v1/groups/${engineering}`,
  ]);
});

it('creates users of a user type (way 9) by name, display name and ID, with the attributes of that type', async () => {
  const org = await recordedOrg({ seed: demoSeed });
  const at = workplace();
  const first = await cli(['import', fixture('ways/9-non-default-user-type.csv'), '--concurrency=1'], {
    at,
    env: orgSettings(org),
  });
  const [contractor, student] = org.creates();
  const { id } = (contractor!.body as { type: { id: string } }).type;
  const byId = at.file(
    'by-id.csv',
    `login,email,firstName,lastName,type.id,agency
rin.abe@example.com,rin.abe@example.com,Rin,Abe,${id},Example Staffing
`,
  );
  const second = await cli(['import', byId], { at, env: orgSettings(org) });

  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(contractor).toStrictEqual({
    query: 'activate=true',
    body: {
      profile: {
        ...profile('rosa.jimenez', 'Rosa', 'Jiménez'),
        agency: 'Example Staffing',
        contractEnd: '2027-06-30T22:00:00Z',
      },
      type: { id: expect.stringMatching(/^oty/) },
    },
  });
  expect(student!.body).toMatchObject({ profile: { university: 'Example University', semester: 3 } });
  expect(org.creates()[2]!.body).toMatchObject({ type: { id } });
  expect(org.okta.findUser('rosa.jimenez')).toMatchObject({ status: 'PROVISIONED', type: { id } });
  expect(org.okta.findUser('liam.byrne')!.type.id).not.toBe(id);
});

it('omits empty cells from the body, and trims the others', async () => {
  const org = await recordedOrg({ seed: demoSeed });
  const at = workplace();
  const file = at.file(
    'people.csv',
    `login,email,firstName,lastName,middleName,title,password,recoveryQuestion,recoveryAnswer,groups,type,skills,remote,level
 ada@example.com ,ada@example.com, Ada ,Byron,,"  ",,,,,,,,
`,
  );

  const result = await cli(['import', file], { at, env: orgSettings(org) });

  expect(result).toMatchObject({ exitCode: 0 });
  expect(org.creates()).toStrictEqual([
    { query: 'activate=true', body: { profile: profile('ada', 'Ada', 'Byron') } },
  ]);
});

it("sends custom attributes with the types of the org's schema: list, boolean, integer, number, enum", async () => {
  const org = await recordedOrg({ seed: demoSeed });
  const at = workplace();
  const file = at.file(
    'people.csv',
    `Username,Primary email,First name,Last name,Skills,Works remotely,Level,Full-time equivalent,Shirt size,Badge number,Employee number
ada@example.com,ada@example.com,Ada,Byron,"TypeScript; SQL;;Go",yes,7,0.5,Extra large,0042,0042
`,
  );

  const result = await cli(['import', file], { at, env: orgSettings(org) });

  expect(result).toMatchObject({ exitCode: 0 });
  expect(org.creates()[0]!.body).toStrictEqual({
    profile: {
      ...profile('ada', 'Ada', 'Byron'),
      skills: ['TypeScript', 'SQL', 'Go'],
      remote: true,
      level: 7,
      fte: 0.5,
      shirtSize: 'XL',
      badgeNumber: '0042',
      employeeNumber: '0042',
    },
  });
});

it.each([
  ['staged, and the password to be changed', '--no-activate', [], '--change-password requires active users.'],
  [
    'a provider, and a password',
    '--activate',
    ['7-authentication-provider.yaml'],
    'A user with the provider FEDERATION cannot have a password',
  ],
] as const)(
  'reports a combination that Okta rejects before anything is sent: %s',
  async (_, flag, mapping, why) => {
    const org = await recordedOrg();
    const at = workplace();
    const result = await cli(
      [
        'import',
        fixture('ways/3-password.csv'),
        flag,
        '--change-password',
        '--run-id=it',
        ...mapping.flatMap((file) => ['--mapping', fixture(`ways/${file}`)]),
      ],
      { at, env: orgSettings(org) },
    );

    expect(result.exitCode).toBe(1);
    expect(at.run('it').results[0]!.message).toContain(why);
    expect(org.creates()).toEqual([]);
  },
);

it('sends its user agent, JSON headers and token with every request', async () => {
  const org = await recordedOrg();
  await cli(['import', fixture('ways/1-without-credentials.csv')], {
    at: workplace(),
    env: orgSettings(org),
  });

  for (const { headers } of org.requests) {
    expect(headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `SSWS ${org.token}`,
      'user-agent': expect.stringMatching(/^okta-csv-import\/\d+\.\d+\.\d+ node\/\d/),
    });
  }
});

function createdIn(okta: {
  ledger: { created: readonly { oktaId: string }[] };
  findUser(id: string): User | undefined;
}) {
  return okta.ledger.created.map(({ oktaId }) => okta.findUser(oktaId)!);
}

function groupIdsOf(body: unknown): readonly string[] {
  return (body as { groupIds: readonly string[] }).groupIds;
}
