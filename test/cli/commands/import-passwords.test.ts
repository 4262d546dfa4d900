import { readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { systemClock } from '../../../src/clock.js';
import { importUsers } from '../../../src/jobs/library.js';
import { createOktaClient } from '../../../src/okta/create-client.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../../helpers/cli.js';
import { fastClock } from '../../helpers/fast-clock.js';
import { firstSignInsIn, signIn, type FirstSignIn } from '../../helpers/first-sign-ins.js';
import { cli, type InProcessOptions } from '../../helpers/in-process-cli.js';
import { loginOf, loginsTo, peopleCsv, profileOf } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';
import { CLIENT_ID, IMPORT_SCOPES, testApp } from '../../okta/auth/apps.js';
import { until } from '../../helpers/until.js';

/** The mapping of `peopleCsv`, with generated passwords. */
const MAPPING = `profile:
  login: login
  email: email
  firstName: firstName
  lastName: lastName
credentials:
  password: { generate: 16 }
`;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly run: (args: readonly string[], options?: Partial<InProcessOptions>) => Promise<CliResult>;
  /** Imports `people.csv` with the mapping `passwords.yaml`. */
  readonly importPeople: (...args: readonly string[]) => Promise<CliResult>;
  readonly signIns: (file?: string) => readonly FirstSignIn[];
}

async function scene(
  people: string,
  { mapping = MAPPING, ...options }: Partial<SandboxOptions> & { readonly mapping?: string } = {},
): Promise<Scene> {
  const clock = fastClock();
  const shared = { seed: { users: [] }, rateLimits: { limits: 1_000_000 }, now: () => clock.now() };
  const okta = await startSandbox({ ...shared, ...options });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  at.file('people.csv', people);
  at.file('passwords.yaml', mapping);
  const env = orgSettings(okta);
  const run: Scene['run'] = (args, more) => cli(args, { at, env, clock, ...more });
  return {
    okta,
    at,
    run,
    importPeople: (...args) =>
      run(['import', 'people.csv', '--mapping=passwords.yaml', '--run-id=it', ...args]),
    signIns: (file = 'links.csv') => firstSignInsIn(at, file),
  };
}

async function expectPasswordsOf(stage: Scene, logins: readonly string[], file?: string): Promise<void> {
  const written = stage.signIns(file);
  expect(written.map(({ login }) => login).toSorted()).toEqual(logins.toSorted());
  for (const person of written) expect(await signIn(stage.okta, person)).toBe('PASSWORD_EXPIRED');
}

it.each(['links.csv', 'letters.html'])(
  'every person gets a password of their own in %s, signs in with it and has to change it',
  async (file) => {
    const stage = await scene(peopleCsv(12));

    const { exitCode, stderr } = await stage.importPeople(`--links=${file}`);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain(`12 passwords written to`);
    await expectPasswordsOf(stage, loginsTo(12), file);
    const passwords = stage.signIns(file).map(({ password }) => password);
    expect(new Set(passwords).size).toBe(12);
    for (const password of passwords) expect(password).toMatch(/^[a-zA-Z2-9#%*+=?]{16}$/);
    expect(stage.okta.ledger.mails).toEqual([]);
    expect(stage.okta.ledger.requests({ operation: 'expirePasswordWithTempPassword' })).toBe(0);
  },
);

it('the file is for its owner only, whatever the umask', async () => {
  const stage = await scene(peopleCsv(1));
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));

  await stage.importPeople('--links=links.csv');

  expect(statSync(join(stage.at.folder, 'links.csv')).mode & 0o777).toBe(0o600);
});

it.each([
  ['import', ['import', 'people.csv']],
  ['sync', ['sync', 'people.csv', '--dataset=staff']],
])('%s with generated passwords and no file for them is refused before anything is sent', async (_, args) => {
  const { okta, run } = await scene(peopleCsv(1));

  const { exitCode, stderr } = await run([...args, '--mapping=passwords.yaml']);

  expect(exitCode).toBe(2);
  expect(stderr).toContain('The mapping generates passwords, which are written to a file only.');
  expect(stderr).toContain('--links letters.html');
  expect(okta.ledger.requests()).toBe(0);
});

it('staged users have no use for a generated password', async () => {
  const { okta, importPeople } = await scene(peopleCsv(1));

  const { exitCode, stderr } = await importPeople('--no-activate');

  expect(exitCode).toBe(2);
  expect(stderr).toContain('Passwords are only generated for users who are created active.');
  const withLinks = await importPeople('--links=links.csv', '--no-activate');
  expect(withLinks).toMatchObject({ exitCode: 2 });
  expect(withLinks.stderr).toContain('--links is about users who are activated. Leave out --no-activate');
  expect(okta.ledger.created).toEqual([]);
});

it('passwords are in no other file and in no output', async () => {
  const stage = await scene(peopleCsv(8), {
    faults: [
      { on: 'createUser', nth: 2, then: 'reset-after-commit' },
      { on: 'createUser', nth: 5, then: 'okta-error', errorCode: 'E0000001', causes: ['password: too weak'] },
    ],
  });

  const { stdout, stderr } = await stage.importPeople(
    '--links=links.csv',
    '--verbose',
    '--log-file=log.ndjson',
    '--metrics-file=run.prom',
    '--json',
  );
  const report = await stage.run(['report', 'it']);
  const status = await stage.run(['status', 'it', '--json']);

  const written = stage.signIns();
  expect(written).toHaveLength(7);
  const elsewhere = [
    stage.at.everyFileExcept('links.csv'),
    stdout,
    stderr,
    ...Object.values(report),
    ...Object.values(status),
  ].join('\n');
  for (const { password } of written) {
    expect(password.length).toBeGreaterThan(7);
    expect(elsewhere).not.toContain(password);
  }
});

it.each([
  'reset-after-commit',
  '500-after-commit',
  '504-after-commit',
  'truncated-body',
  'half-json-body',
  'sent-twice',
] as const)('after %s the password is replaced, since nobody knows which one the user has', async (then) => {
  const stage = await scene(peopleCsv(4), { faults: [{ on: 'createUser', nth: 2, then }] });

  expect(await stage.importPeople('--links=links.csv')).toMatchObject({ exitCode: 0 });

  await expectPasswordsOf(stage, loginsTo(4));
  expect(stage.okta.ledger.requests({ operation: 'expirePasswordWithTempPassword' })).toBe(1);
  expect(stage.okta.ledger.created).toHaveLength(4);
});

it('a create that takes effect late leaves the password that is in the file', async () => {
  const stage = await scene(peopleCsv(3), {
    faults: [{ on: 'createUser', nth: 2, then: 'commit-later', delayMs: 60 }],
  });

  expect(await stage.importPeople('--links=links.csv')).toMatchObject({ exitCode: 0 });

  await expectPasswordsOf(stage, loginsTo(3));
  expect(stage.okta.ledger.created).toHaveLength(3);
});

it.each(['reset-after-commit', 'half-json-body'] as const)(
  'a temporary password that was lost (%s) is replaced by another',
  async (then) => {
    const stage = await scene(peopleCsv(2), {
      faults: [
        { on: 'createUser', nth: 1, then: 'reset-after-commit' },
        { on: 'expirePasswordWithTempPassword', nth: 1, then },
      ],
    });

    const { exitCode, stderr } = await stage.importPeople(
      '--links=links.csv',
      '--verbose',
      '--log-file=log.ndjson',
    );

    expect(exitCode).toBe(0);
    await expectPasswordsOf(stage, loginsTo(2));
    expect(stage.okta.ledger.requests({ operation: 'expirePasswordWithTempPassword' })).toBe(2);
    // Neither the password that was used nor the one that was lost.
    expect(stderr + stage.at.everyFileExcept('links.csv')).not.toMatch(/Tmp[0-9a-f]{4}/);
  },
);

it('an undo says that the links and passwords of the users it deletes stop working, before and after', async () => {
  const stage = await scene(peopleCsv(2));
  await stage.importPeople('--links=links.csv');
  const loss = `passwords of deleted users in ${join(stage.at.folder, 'links.csv')} stop working`;

  expect((await stage.run(['undo', 'it', '--dry-run'])).stderr).toContain(loss);
  const { stderr } = await stage.run(['undo', 'it', '--yes']);
  expect(stderr.split(loss)).toHaveLength(3);
});

it('an undo names the file of links of an activation as well', async () => {
  const stage = await scene(peopleCsv(2));
  await stage.run(['import', 'people.csv', '--no-activate', '--run-id=staged']);
  expect((await stage.run(['undo', 'staged', '--dry-run'])).stderr).not.toContain('stop working');
  await stage.run(['activate', 'staged', '--links=letters.html']);

  const { stderr } = await stage.run(['undo', 'staged', '--dry-run']);
  expect(stderr).toContain(`${join(stage.at.folder, 'letters.html')} stop working`);
});

it('a user whose password cannot be replaced is listed, and undo knows the user', async () => {
  const stage = await scene(peopleCsv(2), {
    faults: [
      { on: 'createUser', nth: 1, then: 'reset-after-commit' },
      { on: 'expirePasswordWithTempPassword', then: 'okta-error', errorCode: 'E0000038' },
    ],
  });

  const { exitCode, stderr } = await stage.importPeople('--links=links.csv', '--concurrency=1');

  expect(exitCode).toBe(1);
  expect(stderr).toContain('The user was created, but nobody knows the password. Reset it in Okta.');
  await expectPasswordsOf(stage, [loginOf(2)]);
  expect(await stage.run(['undo', 'it', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(stage.okta.users()).toEqual([]);
});

it('a password that the policy of a group refuses leaves no letter, and importing the row again finishes the user', async () => {
  const stage = await scene(peopleCsv(2), {
    faults: [{ on: 'createUser', nth: 1, times: 1, then: 'credentials-refused' }],
  });
  expect(await stage.importPeople('--links=links.csv', '--concurrency=1')).toMatchObject({ exitCode: 1 });
  await expectPasswordsOf(stage, [loginOf(2)]);

  const again = ['import', 'reports/it/failed.csv', '--mapping=passwords.yaml', '--links=links.csv'];
  expect(await stage.run(again)).toMatchObject({ exitCode: 0 });

  await expectPasswordsOf(stage, loginsTo(2));
});

it('a cell with a password wins, and hashes and other providers need none', async () => {
  const header = 'login,email,firstName,lastName,first password,provider';
  const rows = [
    'ann@example.com,ann@example.com,Ann,Lee,Given-2026,',
    'ben@example.com,ben@example.com,Ben,Ode,,',
    'cleo@example.com,cleo@example.com,Cleo,Fay,,FEDERATION',
  ];
  const stage = await scene([header, ...rows].join('\n'), {
    mapping: `${MAPPING.replace('{ generate: 16 }', '{ column: first password, generate: 20 }')}  provider:
    type: { column: provider }
`,
  });

  const { exitCode, stderr } = await stage.importPeople('--links=links.csv');

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const written = stage.signIns();
  expect(written.map(({ login, password }) => [login, password.length])).toEqual([
    ['ann@example.com', 0],
    ['ben@example.com', 20],
  ]);
  expect(await signIn(stage.okta, { login: 'ann@example.com', password: 'Given-2026' })).toBe('SUCCESS');
  expect(stage.okta.ledger.mails).toEqual([]);
});

it('people who start later get a link on their first day instead of a password', async () => {
  const rows = ['login,email,firstName,lastName,First day', ...staggered()].join('\n');
  const stage = await scene(rows, { mapping: `${MAPPING}start: First day\n` });

  const dry = await stage.importPeople('--links=links.csv', '--dry-run', '--run-id=dry');
  expect(dry.stderr).toContain('1 password would be generated');
  const { exitCode, stderr } = await stage.importPeople('--links=links.csv');

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  await expectPasswordsOf(stage, ['now@example.com']);
  expect(stage.okta.findUser('later@example.com')).toMatchObject({ status: 'STAGED' });
  await stage.run(['activate', 'it', '--links=links.csv', '--early']);
  const later = stage.signIns().find(({ login }) => login === 'later@example.com');
  expect(later).toMatchObject({ password: '' });
  expect((await fetch(later?.link ?? '')).status).toBe(200);
  expect(stage.okta.ledger.mails).toEqual([]);
});

function staggered(): readonly string[] {
  const year = new Date().getUTCFullYear();
  return [
    `now@example.com,now@example.com,Noor,Now,${year - 1}-01-01`,
    `later@example.com,later@example.com,Lea,Later,${year + 1}-01-01`,
  ];
}

it.each([
  ['validate', ['validate', 'people.csv']],
  ['validate --org', ['validate', 'people.csv', '--org']],
  ['import --dry-run', ['import', 'people.csv', '--dry-run']],
  ['sync --dry-run', ['sync', 'people.csv', '--dataset=staff', '--dry-run']],
])('%s says how many passwords would be generated, and needs no file', async (_, args) => {
  const { okta, run } = await scene(peopleCsv(3));

  const { exitCode, stderr } = await run([...args, '--mapping=passwords.yaml']);

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain('3 passwords would be generated and written to the file given with --links.');
  expect(okta.ledger.created).toEqual([]);
});

it('passwords are as long as the longest policy of the org requires', async () => {
  const vault = { name: 'Vault', passwordPolicy: { minLength: 30, needsSymbol: true } };
  const stage = await scene(peopleCsv(3), { seed: { users: [], groups: [vault] } });

  const { exitCode, stderr } = await stage.importPeople('--links=links.csv', '--group=Vault');

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain(
    'Generated passwords have 30 characters instead of 16, as required by the password policy "Vault".',
  );
  expect(stage.signIns().map(({ password }) => password.length)).toEqual([30, 30, 30]);
  await expectPasswordsOf(stage, loginsTo(3));
});

it('an admin who may not read the policies still generates passwords', async () => {
  const stage = await scene(peopleCsv(2), {
    faults: [{ on: 'listPolicies', then: 'okta-error', errorCode: 'E0000006' }],
  });

  const { exitCode, stderr } = await stage.importPeople('--links=links.csv');

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr.split('Cannot read the password policies of the org')).toHaveLength(2);
  expect(stderr).toContain('Generated passwords have 16 characters of all four kinds');
  expect(stage.okta.ledger.requests({ operation: 'listPolicies', status: 403 })).toBe(1);
  await expectPasswordsOf(stage, loginsTo(2));
});

it.each([
  ['all scopes', [...IMPORT_SCOPES, 'okta.orgs.read', 'okta.brands.read', 'okta.policies.read'], 30],
  ['only the scopes of an import', IMPORT_SCOPES, 16],
])('a service app with %s imports and resumes', async (_, scopes, length) => {
  const { seed, pem } = testApp({ scopes });
  const vault = { name: 'Vault', passwordPolicy: { minLength: 30 } };
  const stage = await scene(peopleCsv(2), {
    seed: { users: [], groups: [vault] },
    serviceApps: [seed],
    orgOptions: { companyName: 'Acme' },
    now: undefined,
  });
  const env = {
    OKTA_CLIENT_ORGURL: stage.okta.url,
    OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
    OKTA_CLIENT_CLIENTID: CLIENT_ID,
    OKTA_CLIENT_PRIVATEKEY: pem,
  };
  const run = (...args: string[]): Promise<CliResult> => stage.run(args, { env, clock: systemClock });

  const results = [
    await run('import', 'people.csv', '--mapping=passwords.yaml', '--links=letters.html', '--run-id=it'),
    await run('resume', 'it'),
  ];

  expect(results).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
  expect(stage.signIns('letters.html').map(({ password }) => password.length)).toEqual([length, length]);
  const letters = readFileSync(join(stage.at.folder, 'letters.html'), 'utf8');
  expect(letters.includes('Your account at Acme')).toBe(length === 30);
});

it.each([
  ['passwords', ['--mapping=passwords.yaml']],
  ['links', []],
])('after Ctrl-C, resume completes the file of %s', async (kind, args) => {
  const stage = await scene(peopleCsv(30), { latencyMs: { min: 1, max: 5 } });
  const begun = until(() => stage.okta.ledger.created.length >= 5).then(() => 'SIGINT' as const);

  const stopped = await stage.run(
    ['import', 'people.csv', '--links=links.csv', '--run-id=it', '--concurrency=3', ...args],
    { interrupt: begun },
  );
  expect(stopped).toMatchObject({ exitCode: 130 });
  const first = stage.signIns();
  // Whoever was created is in the file.
  expect(first).toHaveLength(stage.okta.ledger.created.length);
  expect(await stage.run(['resume', 'it'])).toMatchObject({ exitCode: 0 });

  const written = stage.signIns();
  expect(written.map(({ login }) => login).toSorted()).toEqual(loginsTo(30).toSorted());
  const isIn = async (person: FirstSignIn): Promise<boolean> =>
    kind === 'passwords'
      ? (await signIn(stage.okta, person)) === 'PASSWORD_EXPIRED'
      : (await fetch(person.link)).status === 200;
  for (const person of written) expect(await isIn(person)).toBe(true);
  expect(stage.okta.ledger.mails).toEqual([]);
});

it('a file that was moved away is begun again, and resume says who is not in it', async () => {
  const stage = await scene(peopleCsv(4), {
    faults: [{ on: 'createUser', nth: 3, then: 'okta-error', errorCode: 'E0000001' }],
  });
  await stage.importPeople('--links=links.csv', '--concurrency=1', '--max-failures=0');
  const before = stage.signIns().length;
  expect(before).toBeGreaterThan(0);
  renameSync(join(stage.at.folder, 'links.csv'), join(stage.at.folder, 'printed.csv'));

  const { stderr } = await stage.run(['resume', 'it']);

  expect(stderr).toContain('links.csv is new: people whom the run created before are not in it.');
  expect(stage.signIns().length + before).toBe(3);
});

it('a program writes passwords with the option links, with and without a journal', async () => {
  const stage = await scene(peopleCsv(3), { now: undefined });
  const client = createOktaClient({ orgUrl: stage.okta.url, apiToken: stage.okta.token });
  onTestFinished(() => client.close());
  const path = (name: string): string => join(stage.at.folder, name);
  const shared = { client, mapping: path('passwords.yaml') };
  const only = (row: number, options: object): AsyncGenerator =>
    importUsers({ csv: path('people.csv') }, { ...shared, only: String(row), ...options });

  await expect(only(1, {}).next()).rejects.toMatchObject({
    code: 'ERR_GENERATED_PASSWORDS',
    hint: expect.stringContaining('links letters.html'),
  });
  for (const options of [{}, { journal: path('journal') }]) {
    const row = 'journal' in options ? 2 : 1;
    const outcomes = only(row, { links: path('links.csv'), ...options });
    while ((await outcomes.next()).done !== true);
  }

  await expectPasswordsOf(stage, loginsTo(2));
});

it.each(['breaks', 'is left early'])(
  'the message about the file of links is printed when the input %s',
  async (what) => {
    const stage = await scene('', { now: undefined });
    const client = createOktaClient({ orgUrl: stage.okta.url, apiToken: stage.okta.token });
    onTestFinished(() => client.close());
    const records = async function* (): AsyncGenerator<Record<string, string>> {
      for (let row = 1; row <= 3; row += 1) yield profileOf(row);
      if (what === 'breaks') throw new Error('The connection to the database is lost.');
    };
    const notices: string[] = [];
    const links = join(stage.at.folder, 'links.csv');
    const observer = { notice: (message: string) => void notices.push(message) };
    const outcomes = importUsers({ records: records() }, { client, links, observer, concurrency: 1 });

    const read = async (): Promise<void> => {
      for await (const _ of outcomes) if (what === 'is left early') break;
    };
    await read().catch(() => {});

    const people = stage.signIns().length;
    expect(people).toBeGreaterThan(0);
    expect(notices).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^${people} activation links? written to .*links\\.csv\\. Whoever has the file can sign in: delete it`,
        ),
      ),
    );
  },
);

it.each([
  ['a link', 'password', [], 'Write {{ link }} or {{ qr | raw }} into the template.'],
  ['a password', 'link', ['--mapping=passwords.yaml'], 'Write {{ password }} into the template.'],
])(
  'a template without %s, in any language, is refused before anything is sent',
  async (_, shows, args, hint) => {
    const stage = await scene(peopleCsv(1));
    stage.at.file('letter.liquid.html', '<p>{{ login }} {{ link }} {{ password }}</p>');
    stage.at.file('letter.de.liquid.html', `<p>{{ login }} {{ ${shows} }}</p>`);

    const { exitCode, stderr } = await stage.run([
      'import',
      'people.csv',
      '--links=letters.html',
      '--letter=letter.liquid.html',
      ...args,
    ]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('letter.de.liquid.html does not show the');
    expect(stderr).toContain(hint);
    expect(stage.okta.ledger.created).toEqual([]);
  },
);

it('a template of the admin shows the password', async () => {
  const stage = await scene(peopleCsv(2));
  stage.at.file(
    'letter.liquid.html',
    '<dl><dt>Login</dt><dd>{{ login }}</dd></dl><p>Pw: {{ password }}.</p>',
  );

  expect(await stage.importPeople('--links=letters.html', '--letter=letter.liquid.html')).toMatchObject({
    exitCode: 0,
  });

  const letters = readFileSync(join(stage.at.folder, 'letters.html'), 'utf8');
  const written = [...letters.matchAll(/<dd>(.*?)<\/dd>.*?Pw: (.*?)\.<\/p>/gs)];
  expect(written).toHaveLength(2);
  for (const [, login = '', password = ''] of written) {
    expect(await signIn(stage.okta, { login, password })).toBe('PASSWORD_EXPIRED');
  }
});

it('existing users keep their passwords', async () => {
  const stage = await scene(peopleCsv(2), {
    seed: {
      users: [{ profile: { login: loginOf(1), email: loginOf(1), firstName: 'Old', lastName: 'Name' } }],
    },
  });

  expect(await stage.importPeople('--links=links.csv', '--if-exists=update')).toMatchObject({ exitCode: 0 });

  await expectPasswordsOf(stage, [loginOf(2)]);
  expect(stage.okta.findUser(loginOf(1))).toMatchObject({ status: 'ACTIVE' });
});

it('import --links gives a link to people without a password, and sends no emails', async () => {
  const stage = await scene(peopleCsv(5), {
    faults: [
      { on: 'createUser', nth: 2, then: 'reset-after-commit' },
      { on: 'activateUser', nth: 3, then: 'reset-after-commit' },
    ],
  });

  const { exitCode, stderr } = await stage.run([
    'import',
    'people.csv',
    '--links=letters.html',
    '--run-id=it',
  ]);

  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain('5 activation links written to');
  const written = stage.signIns('letters.html');
  expect(written.map(({ login }) => login).toSorted()).toEqual(loginsTo(5));
  for (const { link } of written) expect((await fetch(link)).status).toBe(200);
  expect(stage.okta.ledger.mails).toEqual([]);
  expect(stage.at.run('it').results.map(({ userStatus }) => userStatus)).toEqual(
    Array.from({ length: 5 }, () => 'PROVISIONED'),
  );
  const report = join(stage.at.folder, 'reports/it/report.html');
  for (const again of [false, true]) {
    if (again) await stage.run(['report', 'it']);
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('with the link in the file (--links)');
    expect(page).not.toContain('Activation emails sent');
  }
  const text = readFileSync(join(stage.at.folder, 'letters.html'), 'utf8');
  expect(text).not.toContain('First password');
});

describe('a user with 25 groups whose link or password Okta refuses', () => {
  const groups = Array.from({ length: 25 }, (_, index) => `Team ${index + 1}`);

  it.each([
    ['a link', 'activateUser', '', 'but not activated. Run activate with --links to get a link.'],
    [
      'a password',
      'expirePasswordWithTempPassword',
      'password: { generate: 16 }\n',
      'but nobody knows the password.',
    ],
  ] as const)('still joins all of them: %s', async (_, on, more, message) => {
    const stage = await groupScene(more, [{ on, nth: 1, then: 'okta-error', errorCode: 'E0000038' }]);

    const { exitCode, stderr } = await stage.importPeople('--links=links.csv', '--concurrency=1');

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    const { results } = stage.at.run('it');
    expect(results).toMatchObject([
      { status: 'failed', message: expect.stringContaining(message) },
      { status: 'created' },
    ]);
    expect(results[0]?.message).not.toContain('groups');
    for (const login of loginsTo(2)) expect(stage.okta.groupsOf(login)).toHaveLength(groups.length);
  });

  it('gets a message about the groups as well when Okta refuses one of them', async () => {
    const stage = await groupScene('', [
      { on: 'activateUser', nth: 1, then: 'okta-error', errorCode: 'E0000038' },
      { on: 'assignUserToGroup', nth: 3, then: 'okta-error', errorCode: 'E0000038' },
    ]);

    await stage.importPeople('--links=links.csv', '--concurrency=1');

    expect(stage.at.run('it').results[0]?.message).toMatch(
      /^The user was created, but not activated\. .* The user could not be added to all groups either: /,
    );
    expect(stage.okta.groupsOf(loginOf(1)).length).toBeLessThan(groups.length);
  });

  function groupScene(more: string, faults: SandboxOptions['faults'] & object): Promise<Scene> {
    const rows = loginsTo(2).map((login) => `${login},${login},Noor,Haddad,"${groups.join(';')}"`);
    return scene(['login,email,firstName,lastName,groups', ...rows].join('\n'), {
      mapping: `profile: { login: login, email: email, firstName: firstName, lastName: lastName }
groups: { column: groups, split: [";"] }
${more}`,
      seed: { users: [], groups: groups.map((name) => ({ name })) },
      faults: [{ on: 'createUser', nth: 1, then: 'reset-after-commit' }, ...faults],
    });
  }
});
