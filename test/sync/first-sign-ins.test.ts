import { expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { systemClock, type Clock } from '../../src/clock.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { firstSignInsIn, signIn, type FirstSignIn } from '../helpers/first-sign-ins.js';
import { cli } from '../helpers/in-process-cli.js';
import { forbidSecondMail } from '../helpers/mails.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

interface Nights {
  readonly okta: Sandbox;
  readonly at: Workplace;
  /** Syncs people at a time, each with a start date. */
  readonly night: (
    time: string,
    people: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ) => Promise<CliResult>;
  readonly run: (time: string, ...args: readonly string[]) => Promise<CliResult>;
  readonly signIns: () => Readonly<Record<string, FirstSignIn>>;
  readonly status: (name: string) => string | undefined;
}

async function nights(options: Partial<SandboxOptions> = {}): Promise<Nights> {
  let shiftMs = 0;
  const now = (): number => systemClock.now() + shiftMs;
  const clock: Clock = { now, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };
  const okta = await startSandbox({
    seed: { users: [] },
    rateLimits: { limits: 1_000_000 },
    now,
    ...options,
  });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const env = orgSettings(okta);
  const run: Nights['run'] = (time, ...args) => {
    shiftMs = Date.parse(time) - Date.now();
    return cli(args, { at, env, clock });
  };
  return {
    okta,
    at,
    run,
    night(time, people, ...args) {
      const rows = Object.entries(people).map(
        ([name, start]) => `${name}@example.com,${name}@example.com,${name},Example,${start}`,
      );
      at.file('people.csv', ['login,email,firstName,lastName,start date', ...rows, ''].join('\n'));
      return run(
        time,
        'sync',
        'people.csv',
        '--dataset=staff',
        '--yes',
        '--accept=leavers,size,changes',
        ...args,
      );
    },
    signIns: () =>
      Object.fromEntries(firstSignInsIn(at, 'links.csv').map((each) => [each.login.split('@')[0], each])),
    status: (name) => okta.findUser(`${name}@example.com`)?.status,
  };
}

const LINKS = '--links=links.csv';
const FIRST = '2026-03-01T02:00:00Z';
const LATER = '2026-03-05T02:00:00Z';

it('joiners get links instead of emails, those who start later on their first day', async () => {
  const { okta, night, signIns, status } = await nights();

  expect(await night(FIRST, { ann: '2026-02-01', bo: '2026-03-05' }, LINKS)).toMatchObject({ exitCode: 0 });
  expect([status('ann'), status('bo')]).toEqual(['PROVISIONED', 'STAGED']);
  expect(Object.keys(signIns())).toEqual(['ann']);
  const second = await night(LATER, { ann: '2026-02-01', bo: '2026-03-05', cy: '2026-03-01' }, LINKS);

  expect(second).toMatchObject({ exitCode: 0 });
  expect(second.stderr).toContain('2 activation links written to');
  const written = signIns();
  expect(Object.keys(written).toSorted()).toEqual(['ann', 'bo', 'cy']);
  for (const { link } of Object.values(written)) expect((await fetch(link)).status).toBe(200);
  expect(okta.ledger.mails).toEqual([]);
});

it.each(['reset-after-commit', '504-after-commit', 'half-json-body'] as const)(
  'a first day whose link was lost (%s) has another, and no email',
  async (then) => {
    const { okta, night, signIns } = await nights({ faults: [{ on: 'activateUser', nth: 1, then }] });
    await night(FIRST, { bo: '2026-03-05' }, LINKS);

    expect(await night(LATER, { bo: '2026-03-05' }, LINKS)).toMatchObject({ exitCode: 0 });

    expect((await fetch(signIns()['bo']?.link ?? '')).status).toBe(200);
    expect(okta.ledger.mails).toEqual([]);
  },
);

it('people who are back after their account was deactivated get a link', async () => {
  const { okta, night, signIns, status } = await nights();
  const both = { ann: '2026-02-01', bo: '2026-02-01' };
  await night(FIRST, both, LINKS);
  await night(FIRST, { ann: '2026-02-01' }, LINKS, '--leavers=deactivate');
  expect(status('bo')).toBe('DEPROVISIONED');
  const before = signIns()['bo']?.link;

  expect(await night(LATER, both, '--links=back.csv', '--reactivate')).toMatchObject({ exitCode: 0 });

  expect(status('bo')).toBe('PROVISIONED');
  expect((await fetch(before ?? '')).status).toBe(410);
  expect(okta.ledger.links.at(-1)).toMatchObject({ login: 'bo@example.com' });
  expect(okta.ledger.mails).toEqual([]);
});

it('without --links, Okta sends the emails as before', async () => {
  const { okta, night } = await nights();

  await night(FIRST, { ann: '2026-02-01', bo: '2026-03-05' });
  expect(okta.ledger.mails.map(({ login }) => login)).toEqual(['ann@example.com']);
  await night(LATER, { ann: '2026-02-01', bo: '2026-03-05' });

  expect(okta.ledger.mails.map(({ login }) => login)).toEqual(['ann@example.com', 'bo@example.com']);
});

it('a person whom Okta does not activate is named, and activate --links tries again', async () => {
  const { okta, run, night, signIns, status } = await nights({
    faults: [{ on: 'activateUser', nth: 1, times: 1, then: 'okta-error', errorCode: 'E0000038' }],
  });

  const first = await night(
    FIRST,
    { ann: '2026-02-01', bo: '2026-02-01' },
    LINKS,
    '--concurrency=1',
    '--run-id=it',
  );
  expect(first).toMatchObject({ exitCode: 1 });
  expect(first.stderr).toContain(
    'The user was created, but not activated. Run activate with --links to get a link.',
  );
  expect(status('ann')).toBe('STAGED');

  expect(await run(LATER, 'activate', 'it', LINKS, '--early')).toMatchObject({ exitCode: 0 });

  expect(Object.keys(signIns()).toSorted()).toEqual(['ann', 'bo']);
  expect(okta.ledger.mails).toEqual([]);
});

it('generated passwords are for joiners only', async () => {
  const { okta, at, night, signIns } = await nights();
  await night(FIRST, { ann: '2026-02-01' }, LINKS);
  at.file(
    'passwords.yaml',
    'profile: { login: login, email: email, firstName: firstName, lastName: lastName }\nstart: start date\npassword: { generate: 16 }\n',
  );
  const people = { ann: '2026-02-01', bo: '2026-02-01', cy: '2026-04-01' };

  const second = await night(LATER, people, LINKS, '--mapping=passwords.yaml');

  expect({ exitCode: second.exitCode, stderr: second.stderr }).toMatchObject({ exitCode: 0 });
  const { ann, bo, cy } = signIns();
  expect([ann?.password, cy]).toEqual(['', undefined]);
  expect(bo && (await signIn(okta, bo))).toBe('PASSWORD_EXPIRED');
  expect(okta.ledger.mails).toEqual([]);
});
