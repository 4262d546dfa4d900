import { expect, it } from 'vitest';

import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { recordedOrg } from '../../helpers/recorder.js';
import { workplace } from '../../helpers/workplace.js';

const person = (login: string, more: object = {}): { profile: Record<string, string> } => ({
  profile: { login, email: login, firstName: 'Given', lastName: 'Family', ...more },
});

it('a dry run with the org finds existing logins in any case and with any accents, and only reads', async () => {
  const org = await recordedOrg({
    seed: { users: [person('p3@example.com'), { ...person('Zoë.P@example.com'), status: 'DEPROVISIONED' }] },
  });
  const at = workplace();
  const file = at.file(
    'people.csv',
    `${peopleCsv(30)}ZOË.p@example.com,zoe@example.com,Zoë,Peeters\nfree@example.com,p3@example.com,Same,Mailbox\n`,
  );

  const planned = await cli(['validate', file, '--org', '--run-id=it', '--json'], {
    at,
    env: orgSettings(org),
  });

  expect(planned.exitCode).toBe(1);
  const bad = at.run('it').results.filter(({ status }) => status === 'invalid');
  expect(bad.map(({ login, errorCode }) => [login, errorCode])).toEqual([
    ['p3@example.com', 'login-taken'],
    ['ZOË.p@example.com', 'login-taken'],
  ]);
  expect(bad[0]?.message).toContain(
    `already exists in Okta (user ${org.okta.findUser('p3@example.com')?.id}, active)`,
  );
  expect(bad[1]?.message).toContain('deactivated). It is free again when that user is deleted.');
  expect(JSON.parse(planned.stdout)).toMatchObject({ counts: { total: 32, wouldCreate: 30, invalid: 2 } });
  expect(planned.stderr).toContain(
    `1 row: email: The email "p3@example.com" already exists in Okta (user ${org.okta.findUser('p3@example.com')?.id}, active)`,
  );
  expect(org.requests.length).toBeGreaterThan(0);
  expect(org.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

it('the plan shows the number of users, the time, the emails, and one request with its secrets hidden', async () => {
  const org = await recordedOrg({ rateLimits: { limits: { '/api/v1/users': 100 } } });
  const at = workplace();
  const lines = peopleCsv(200).trimEnd().split('\n');
  const csv = lines.map(
    (line, row) => `${line},${row === 0 ? 'password' : row <= 50 ? 'Correct-Horse-7' : ''}`,
  );
  const file = at.file('people.csv', `${csv.join('\n')}\n`);

  const planned = await cli(['validate', file, '--org', '--json', '--rate-limit-share=0.5'], {
    at,
    env: orgSettings(org),
  });

  expect(planned.exitCode).toBe(0);
  const { plan } = JSON.parse(planned.stdout) as { plan: object };
  expect(plan).toMatchObject({
    creates: 200,
    minutes: 3,
    activationMails: 150,
    sample: { profile: { login: 'p1@example.com' }, credentials: { password: { value: '[redacted]' } } },
  });
  expect(planned.stderr).toContain(
    'Plan: 200 users would be created, in about 3 min at this rate-limit share; 150 activation emails',
  );
  expect(planned.stdout + planned.stderr).not.toContain('Correct-Horse-7');
});

it('looks up many logins in few requests', async () => {
  const org = await recordedOrg();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(400));

  expect(await cli(['validate', file, '--org'], { at, env: orgSettings(org) })).toMatchObject({
    exitCode: 0,
  });

  expect(org.requests.length).toBeLessThanOrEqual(400 / 20);
});

it('--all-or-nothing sends nothing when one row is invalid, and all rows otherwise', async () => {
  const org = await recordedOrg({ seed: { users: [person('p3@example.com')] } });
  const at = workplace();
  const env = orgSettings(org);
  const bad = at.file('bad.csv', peopleCsv(5));

  const refused = await cli(['import', bad, '--all-or-nothing', '--run-id=it', '--json'], { at, env });

  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('Nothing was sent');
  expect(JSON.parse(refused.stdout)).toMatchObject({ exitCode: 2, counts: { wouldCreate: 4, invalid: 1 } });
  expect(org.creates()).toEqual([]);

  const good = at.file('good.csv', peopleCsv(2));
  const sent = await cli(['import', good, '--all-or-nothing', '--json'], { at, env });

  expect(sent.exitCode).toBe(0);
  expect(JSON.parse(sent.stdout)).toMatchObject({ command: 'import', counts: { total: 2, created: 2 } });
});

it('--all-or-nothing works with stdin, which can be read only once', async () => {
  const org = await recordedOrg();
  const at = workplace();

  const sent = await cli(['import', '-', '--all-or-nothing'], {
    at,
    env: orgSettings(org),
    stdin: peopleCsv(3),
  });

  expect(sent).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toHaveLength(3);
});
