import { expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { fastClock } from '../../helpers/fast-clock.js';
import { cli } from '../../helpers/in-process-cli.js';
import { interceptedOrg, type Interceptor } from '../../helpers/intercepted-org.js';
import { loginOf, peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';

async function stagedOrg(
  count: number,
  options: SandboxOptions = {},
  intercept?: Interceptor,
): Promise<{ okta: Sandbox; at: Workplace; env: Record<string, string> }> {
  const okta = await startSandbox({ rateLimits: { limits: 100_000 }, ...options });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const url = intercept === undefined ? okta.url : (await interceptedOrg(okta, intercept)).url;
  const env = { ...orgSettings(okta), OKTA_CLIENT_ORGURL: url };
  const file = at.file('people.csv', peopleCsv(count));
  const staged = await cli(['import', file, '--no-activate', '--run-id=it', '--quiet'], { at, env });
  expect(staged).toMatchObject({ exitCode: 0 });
  expect(okta.users().every(({ status }) => status === 'STAGED')).toBe(true);
  return { okta, at, env };
}

it('activate activates the users of a staged run, each once, with a report of its own', async () => {
  const { okta, at, env } = await stagedOrg(12);

  const activated = await cli(['activate', 'it'], { at, env });

  expect(activated).toMatchObject({ exitCode: 0 });
  expect(activated.stderr).toContain('12 activated');
  expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(12);
  expect(at.run('it-activate').results).toHaveLength(12);

  const again = await cli(['activate', 'it', '--json'], { at, env });
  expect(JSON.parse(again.stdout)).toMatchObject({
    exitCode: 0,
    counts: { activated: 12, total: 12 },
    doneBefore: { activated: 12 },
  });
  expect(again.stderr).toContain('Already done before: 12 activated. Done now: nothing.');
  expect(activated.stderr).not.toContain('Already done');
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(12);
});

it('activate needs one request a user, besides one search for fifty', async () => {
  const { okta, at, env } = await stagedOrg(120);
  const before = okta.ledger.requests();

  expect(await cli(['activate', 'it', '--yes', '--quiet'], { at, env })).toMatchObject({ exitCode: 0 });

  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(120);
  expect(okta.ledger.requests({ operation: 'getUser' })).toBe(0);
  expect(okta.ledger.requests() - before).toBeLessThanOrEqual(126);
});

it('activate --per-minute reads each user just before, in case it was deactivated', async () => {
  const { okta, at, env } = await stagedOrg(3);
  const args = ['activate', 'it', '--per-minute=6000', '--yes', '--quiet'];

  expect(await cli(args, { at, env })).toMatchObject({ exitCode: 0 });

  expect(okta.ledger.requests({ operation: 'getUser' })).toBe(3);
});

it('activate reads the users one by one in an org that cannot be searched', async () => {
  const { okta, at, env } = await stagedOrg(60);
  okta.addFault({ on: 'listUsers', then: 'okta-error', errorCode: 'E0000006' });

  expect(await cli(['activate', 'it', '--yes', '--quiet'], { at, env })).toMatchObject({ exitCode: 0 });

  expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
  expect(okta.ledger.mails).toHaveLength(60);
});

it('activate reports users as unchanged who are listed as staged but active by now', async () => {
  let isLagging = false;
  const { okta, at, env } = await stagedOrg(3, {}, async ({ method, query, forward }) => {
    if (!isLagging || method !== 'GET') return undefined;
    const { text = '', ...response } = await forward();
    if (query.has('search')) return { ...response, text: text.replaceAll('"PROVISIONED"', '"STAGED"') };
    // Not by this activation.
    return {
      ...response,
      text: text.replace(/"activated":"[^"]+"/, '"activated":"2026-01-01T00:00:00.000Z"'),
    };
  });
  isLagging = true;
  const activateByHand = (login: string): Promise<Response> =>
    fetch(`${okta.url}/api/v1/users/${okta.findUser(login)?.id}/lifecycle/activate`, {
      method: 'POST',
      headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
    });
  await activateByHand(loginOf(2));
  const activated = await cli(['activate', 'it', '--yes', '--quiet'], { at, env, clock: fastClock() });

  expect(activated).toMatchObject({ exitCode: 0 });
  expect(at.run('it-activate').summary.counts).toMatchObject({ activated: 2, unchanged: 1 });
  expect(okta.ledger.mailsTo(loginOf(2))).toBe(1);
});

it('activate does not change users who are already active or were deactivated', async () => {
  const { okta, at, env } = await stagedOrg(4);
  const post = (login: string, operation: string): Promise<Response> =>
    fetch(`${okta.url}/api/v1/users/${okta.findUser(login)?.id}/lifecycle/${operation}`, {
      method: 'POST',
      headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
    });
  await post(loginOf(1), 'activate');
  await post(loginOf(2), 'deactivate');

  const activated = await cli(['activate', 'it'], { at, env });

  expect(activated).toMatchObject({ exitCode: 1 });
  const { results } = at.run('it-activate');
  expect(results.map(({ status, errorCode }) => [status, errorCode].join(' ').trim())).toEqual(
    expect.arrayContaining(['failed ERR_DEPROVISIONED', 'activated', 'activated']),
  );
  expect(okta.findUser(loginOf(2))).toMatchObject({ status: 'DEPROVISIONED' });
});

it.each(['reset-after-commit', '502-after-commit', 'status-500', 'reset-before-commit'] as const)(
  'activate requests no activation twice despite %s',
  async (then) => {
    const { okta, at, env } = await stagedOrg(6, { faults: [{ on: 'activateUser', every: 3, then }] });

    expect(await cli(['activate', 'it', '--quiet'], { at, env })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });

    expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
    expect(okta.ledger.requests({ operation: 'activateUser', status: 403 })).toBe(0);
    expect(at.run('it-activate').summary.counts).toMatchObject({ activated: 6 });
  },
);

it('activate does not exceed --per-minute', async () => {
  const { okta, at, env } = await stagedOrg(4);
  const startedAtMs = Date.now();

  await cli(['activate', 'it', '--per-minute=120', '--quiet'], { at, env });

  // There are three pauses of half a second between four emails.
  expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(1500);
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(4);
});

it('activate rejects a run that was undone, and an invalid --per-minute', async () => {
  const { at, env } = await stagedOrg(2);
  expect(await cli(['activate', 'it', '--per-minute=0'], { at, env })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--per-minute'),
  });
  await cli(['undo', 'it', '--yes', '--quiet'], { at, env });
  expect(await cli(['activate', 'it'], { at, env })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('was undone'),
  });
});

it('activate counts a user whom Okta reports as active already as activated', async () => {
  const { okta, at, env } = await stagedOrg(4, {
    faults: [{ on: 'activateUser', every: 2, then: 'okta-error-after-commit', errorCode: 'E0000016' }],
  });

  expect(await cli(['activate', 'it'], { at, env, clock: fastClock() })).toMatchObject({ exitCode: 0 });

  expect(at.run('it-activate').summary.counts).toMatchObject({ activated: 4 });
  expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
});

it('activate reports a user whom Okta will not activate, and who stays staged', async () => {
  const { okta, at, env } = await stagedOrg(1, {
    faults: [{ on: 'activateUser', then: 'okta-error', errorCode: 'E0000016' }],
  });

  expect(await cli(['activate', 'it'], { at, env, clock: fastClock() })).toMatchObject({ exitCode: 1 });

  expect(at.run('it-activate').results).toMatchObject([{ status: 'failed', errorCode: 'E0000016' }]);
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBeLessThan(6);
});

it('activate without emails leaves the links in no report, journal or log', async () => {
  const { at, env } = await stagedOrg(3);
  const args = [
    'activate',
    'it',
    '--no-send-email',
    '--verbose',
    '--log-format=json',
    '--log-file=log.ndjson',
  ];

  const { exitCode, stdout, stderr } = await cli(args, { at, env });

  expect(exitCode).toBe(0);
  const written = [at.everyFileExcept(), stdout, stderr].join('\n');
  expect(written).toContain('/lifecycle/activate');
  expect(written).not.toMatch(/\/tokens\/|activationToken/);
});
