import { expect, it, onTestFinished } from 'vitest';

import { systemClock, type Clock } from '../../../src/clock.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { orgSettings, type CliResult } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';

const MAPPING = `
profile:
  login: login
  email: login
  firstName: first
  lastName: last
start: Start
end: End
timeZone: Asia/Tokyo
`;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  /** Runs a command at a time. */
  readonly run: (at: string, ...args: readonly string[]) => Promise<CliResult>;
  readonly status: (name: string) => string | undefined;
}

async function scene(
  people: Readonly<Record<string, readonly [start: string, end?: string]>>,
  options: SandboxOptions = {},
): Promise<Scene> {
  let nowMs = Date.parse('2026-03-01T02:00:00Z');
  const okta = await startSandbox({ rateLimits: { limits: 100_000 }, ...options, now: () => nowMs });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  at.file('mapping.yaml', MAPPING);
  const lines = Object.entries(people).map(
    ([name, [start, end = '']]) => `${name}@example.com,${name},Ek,${start},${end}\n`,
  );
  at.file('people.csv', `login,first,last,Start,End\n${lines.join('')}`);
  const clock: Clock = { ...systemClock, now: () => nowMs };
  const env = orgSettings(okta);
  return {
    okta,
    at,
    run(time, ...args) {
      nowMs = Date.parse(time);
      return cli(args, { at, env, clock });
    },
    status: (name) => okta.findUser(`${name}@example.com`)?.status,
  };
}

const IMPORT = ['import', 'people.csv', '--mapping=mapping.yaml', '--run-id=it'] as const;
const TEAM = { ann: ['2026-02-01'], bo: ['2026-03-05'], cy: ['2026-03-09'], di: [''] } as const;

it('an import stages people who start later, and activate --due activates each on the day, in the time zone of the mapping', async () => {
  const { okta, run, status } = await scene(TEAM);
  const statuses = (): unknown[] => ['ann', 'bo', 'cy', 'di'].map(status);

  const imported = await run('2026-03-01T02:00:00Z', ...IMPORT);
  expect(imported).toMatchObject({ exitCode: 0 });
  expect(statuses()).toEqual(['PROVISIONED', 'STAGED', 'STAGED', 'PROVISIONED']);
  expect(imported.stderr).toContain(
    '2 users are staged until the start date (the first: 2026-03-05). To activate them on the day, run this every day:',
  );
  expect(imported.stderr).toMatch(/ okta-csv-import activate \S+reports\/it --due\n/);

  const early = await run('2026-03-04T14:00:00Z', 'activate', 'it', '--due');
  expect(early).toMatchObject({ exitCode: 0 });
  expect(early.stderr).toContain('Activate 0 users of run it');
  expect(early.stderr).toContain(
    '2 users wait for the start date and are left alone (--early includes them). The next start date is 2026-03-05.',
  );
  // In Tokyo it is the fifth of March already.
  const due = await run('2026-03-04T16:00:00Z', 'activate', 'last', '--due', '--json');
  expect(due).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(due.stdout)).toMatchObject({
    counts: { activated: 1 },
    startsLater: { users: 1, next: '2026-03-09' },
  });
  expect(statuses()).toEqual(['PROVISIONED', 'PROVISIONED', 'STAGED', 'PROVISIONED']);
  expect((await run('2026-03-05T16:00:00Z', 'activate', 'it', '--due')).exitCode).toBe(0);
  await run('2026-03-09T02:00:00Z', 'activate', 'it', '--due');

  expect(status('cy')).toBe('PROVISIONED');
  expect(['bo', 'cy'].map((name) => okta.ledger.mailsTo(`${name}@example.com`))).toEqual([1, 1]);
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(2);
});

it('a resumed import judges the dates by the day on which the run started', async () => {
  const { run, status } = await scene(
    { ann: ['2026-02-01'], bo: ['2026-03-05'], cy: ['2026-03-05'] },
    { faults: [{ on: 'createUser', nth: 2, then: 'okta-error', errorCode: 'E0000001' }] },
  );
  const stopped = await run('2026-03-01T02:00:00Z', ...IMPORT, '--max-failures=0', '--concurrency=1');
  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(status('cy')).toBeUndefined();

  await run('2026-03-06T02:00:00Z', 'resume', 'it');
  expect(status('cy')).toBe('STAGED');

  const due = await run('2026-03-06T02:00:00Z', 'activate', 'it', '--due');
  expect(due).toMatchObject({ exitCode: 0 });
  expect(status('cy')).toBe('PROVISIONED');
});

it('an import leaves people out whose last day has passed, and counts only the emails that are sent at once', async () => {
  const { run, status, at } = await scene({
    ann: ['2026-02-01', '2026-02-28'],
    bo: ['2026-03-05'],
    cy: ['2026-02-01', '2026-03-01'],
  });

  const plan = await run('2026-03-01T02:00:00Z', 'validate', 'people.csv', '--mapping=mapping.yaml', '--org');
  expect(plan).toMatchObject({ exitCode: 0 });
  expect(plan.stderr).toContain('1 user would be staged until the start date.');
  expect(plan.stderr).toContain('2 users would be created');
  expect(plan.stderr).toContain('1 activation email would be sent');

  expect(await run('2026-03-01T02:00:00Z', ...IMPORT)).toMatchObject({ exitCode: 0 });
  expect(['ann', 'bo', 'cy'].map(status)).toEqual([undefined, 'STAGED', 'PROVISIONED']);
  expect(at.run('it').results[0]).toMatchObject({
    status: 'not-attempted',
    message: 'The last day was 2026-02-28.',
  });
});

it('activate without --due activates all staged people but those who start later, unless --early is given', async () => {
  const { run, status } = await scene(TEAM);
  await run('2026-03-01T02:00:00Z', ...IMPORT, '--no-activate');
  const statuses = (): unknown[] => ['ann', 'bo', 'cy', 'di'].map(status);

  const due = await run('2026-03-05T02:00:00Z', 'activate', 'it', '--due');
  expect(due.stderr).toContain('1 staged user has no start date and is left alone (--due).');
  expect(statuses()).toEqual(['PROVISIONED', 'PROVISIONED', 'STAGED', 'STAGED']);
  await run('2026-03-05T02:00:00Z', 'activate', 'it');
  expect(statuses()).toEqual(['PROVISIONED', 'PROVISIONED', 'STAGED', 'PROVISIONED']);
  await run('2026-03-05T02:00:00Z', 'activate', 'it', '--early');
  expect(statuses()).toEqual(['PROVISIONED', 'PROVISIONED', 'PROVISIONED', 'PROVISIONED']);
});

it('a start date is known for people whose managers are written afterwards, too', async () => {
  const { at, okta, run, status } = await scene({ ann: ['2026-02-01'], bo: ['2026-03-05'] });
  const manager = '  managerId: { person: Boss, as: id }\n';
  at.file('mapping.yaml', MAPPING.replace('start:', `${manager}start:`));
  at.file(
    'people.csv',
    'login,first,last,Start,End,Boss\nbo@example.com,bo,Ek,2026-03-05,,ann@example.com\nann@example.com,ann,Ek,2026-02-01,,\n',
  );

  const imported = await run('2026-03-01T02:00:00Z', ...IMPORT);
  expect(imported.stderr).toContain('1 user is staged until the start date (2026-03-05).');
  expect(okta.findUser('bo@example.com')?.profile['managerId']).toBe(okta.findUser('ann@example.com')?.id);

  await run('2026-03-02T02:00:00Z', 'activate', 'it');
  expect(status('bo')).toBe('STAGED');
  await run('2026-03-05T02:00:00Z', 'activate', 'it', '--due');
  expect(status('bo')).toBe('PROVISIONED');
});

it('activate leaves the people of a run of sync alone who start later', async () => {
  const { run, status } = await scene({ ann: ['2026-02-01'], bo: ['2026-03-05'] });
  await run(
    '2026-03-01T02:00:00Z',
    'sync',
    'people.csv',
    '--mapping=mapping.yaml',
    '--dataset=staff',
    '--run-id=it',
    '--no-activate',
  );

  await run('2026-03-01T02:00:00Z', 'activate', 'it');

  expect(['ann', 'bo'].map(status)).toEqual(['PROVISIONED', 'STAGED']);
});

it.each([
  [['it', '--due', '--early'], 'Use either --due or --early.'],
  [['--dataset=staff', '--due'], '--due is for runs of import.'],
  [['it', '--due'], 'Run it has no start dates, so --due does not apply to it.'],
])('activate %j is refused when it makes no sense', async (args, message) => {
  const { run, okta, at } = await scene({});
  at.file('people.csv', 'login,email,firstName,lastName\na@example.com,a@example.com,Ann,Ek\n');
  await run('2026-03-01T02:00:00Z', 'import', 'people.csv', '--no-activate', '--run-id=it');

  const refused = await run('2026-03-01T02:00:00Z', 'activate', ...args);

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain(message);
  expect(okta.findUser('a@example.com')?.status).toBe('STAGED');
});
