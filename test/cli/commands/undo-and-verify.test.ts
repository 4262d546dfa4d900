import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { fastClock } from '../../helpers/fast-clock.js';
import { fastWaits } from '../../helpers/fast-waits.js';
import { cli } from '../../helpers/in-process-cli.js';
import { interceptedOrg, type Interceptor } from '../../helpers/intercepted-org.js';
import { loginOf, loginsTo, peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

const OTHERS = [
  { profile: { login: 'vera@example.com', email: 'vera@example.com', firstName: 'Vera', lastName: 'Oduya' } },
];

async function importedOrg(
  count: number,
  intercept?: (okta: Sandbox) => Interceptor,
): Promise<{ okta: Sandbox; at: Workplace; env: Record<string, string> }> {
  const okta = await startSandbox({ seed: { users: OTHERS }, rateLimits: { limits: 100_000 } });
  onTestFinished(() => okta.close());
  const at = workplace();
  const url = intercept === undefined ? okta.url : (await interceptedOrg(okta, intercept(okta))).url;
  const env = { ...orgSettings(okta), OKTA_CLIENT_ORGURL: url };
  const file = at.file('people.csv', peopleCsv(count));
  expect(await cli(['import', file, '--run-id=it', '--quiet'], { at, env })).toMatchObject({ exitCode: 0 });
  return { okta, at, env };
}

/** A change by another client. */
async function update(okta: Sandbox, login: string, profile: Record<string, string>): Promise<void> {
  const answer = await fetch(`${okta.url}/api/v1/users/${okta.findUser(login)?.id}`, {
    method: 'POST',
    headers: {
      authorization: `SSWS ${okta.token}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ profile }),
  });
  expect(answer.status).toBe(200);
}

/** Sorted. */
function loginsOf(okta: Sandbox): string[] {
  return okta
    .users()
    .map(({ profile }) => profile.login)
    .toSorted();
}

it('undo shows what it would delete and does nothing without --yes', async () => {
  const { okta, at, env } = await importedOrg(12);

  const shown = await cli(['undo', 'it'], { at, env });

  expect(shown).toMatchObject({ exitCode: 2, stdout: '' });
  expect(shown.stderr).toContain('run it: 12 users that it created will be permanently deleted');
  const newest = [12, 11, 10, 9, 8].map(loginOf).join(', ');
  expect(shown.stderr).toContain(`To be deleted: ${newest}, and 7 more\n`);
  expect(shown.stderr).toContain('--yes');
  expect(loginsOf(okta)).toEqual([...loginsTo(12), 'vera@example.com'].toSorted());
  expect(okta.ledger.requests({ operation: 'deleteUser' })).toBe(0);
});

it('undo deletes exactly the users that the run created, and reports each', async () => {
  const { okta, at, env } = await importedOrg(12);

  const undone = await cli(['undo', 'it', '--yes', '--json'], { at, env });

  expect(undone.exitCode).toBe(0);
  expect(JSON.parse(undone.stdout)).toMatchObject({ command: 'undo', counts: { total: 12, removed: 12 } });
  expect(loginsOf(okta)).toEqual(['vera@example.com']);
  const { results } = at.run('it-undo');
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'removed'));
  expect(results.map(({ login }) => login).toSorted()).toEqual(loginsTo(12).toSorted());
});

it('undo keeps users that were changed since the run, unless --force is given', async () => {
  const { okta, at, env } = await importedOrg(5);
  await update(okta, loginOf(3), { title: 'Team lead' });

  const undone = await cli(['undo', 'it', '--yes'], { at, env });

  expect(undone).toMatchObject({ exitCode: 1 });
  expect(undone.stderr).toContain(
    `1 user changed since the run will be kept (--force undoes these changes as well): ${loginOf(3)}`,
  );
  expect(loginsOf(okta)).toEqual([loginOf(3), 'vera@example.com']);
  expect(at.run('it-undo').results.find(({ login }) => login === loginOf(3))).toMatchObject({
    status: 'kept',
  });

  const forced = await cli(['undo', 'it', '--yes', '--force'], { at, env });

  expect(forced).toMatchObject({ exitCode: 0 });
  expect(loginsOf(okta)).toEqual(['vera@example.com']);
});

it('a second undo reports what the first one did, and sends no writes', async () => {
  const { okta, at, env } = await importedOrg(2);
  const file = at.file('changed.csv', peopleCsv(7, { title: 'Lead' }));
  await cli(['import', file, '--run-id=both', '--if-exists=update', '--quiet'], { at, env });
  await update(okta, loginOf(1), { title: 'Chief' });

  const first = await cli(['undo', 'both', '--yes'], { at, env });
  expect(first).toMatchObject({ exitCode: 1 });
  expect(first.stderr).toContain(`To be deleted: ${[7, 6, 5, 4, 3].map(loginOf).join(', ')}\n`);
  expect(first.stderr).toContain(`To be restored: ${loginOf(2)}\n`);

  // Without --yes: a question could not be answered.
  const second = await cli(['undo', 'both'], { at, env });
  expect(second.stderr).toContain('run both: there is nothing to undo.');
  expect(second.stderr).toContain('5 users no longer exist.');
  expect(second.stderr).toContain('1 user was restored by an earlier undo.');
  expect(second.stderr).toContain('1 user changed since the run will be kept');
  expect(second.stderr).toContain('Already done before: 5 deleted, 1 restored. Done now: 1 kept.');
  expect(second.stderr).not.toContain('--yes');
  expect(second.exitCode).toBe(1);
});

it('undo never changes a user that existed before the run', async () => {
  const okta = await startSandbox({ seed: { users: OTHERS }, rateLimits: { limits: 100_000 } });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  const file = at.file(
    'people.csv',
    'login,email,firstName,lastName\nvera@example.com,vera@example.com,Vera,Oduya\nnew@example.com,new@example.com,New,Comer\n',
  );
  expect(await cli(['import', file, '--run-id=it', '--quiet'], { at, env })).toMatchObject({ exitCode: 1 });

  expect(await cli(['undo', 'it', '--yes'], { at, env })).toMatchObject({ exitCode: 0 });

  expect(loginsOf(okta)).toEqual(['vera@example.com']);
});

it('undo survives lost responses: no user is left half deleted', async () => {
  const { okta, at, env } = await importedOrg(20);
  okta.addFault({ on: 'deleteUser', nth: [2, 7, 13], then: 'reset-after-commit' });
  okta.addFault({ on: 'deleteUser', nth: [4, 9], then: 'status-503' });

  const undone = await cli(['undo', 'it', '--yes'], { at, env });

  expect(undone).toMatchObject({ exitCode: 0 });
  expect(loginsOf(okta)).toEqual(['vera@example.com']);
});

it('undo reads each user once, by ID, and confirms the deletes that Okta accepted by searches', async () => {
  const { okta, at, env } = await importedOrg(100);
  const before = okta.ledger.requests();

  expect(await cli(['undo', 'it', '--yes', '--quiet'], { at, env })).toMatchObject({ exitCode: 0 });

  expect(okta.ledger.requests({ operation: 'getUser' })).toBe(100);
  expect(okta.ledger.requests({ operation: 'deleteUser' })).toBe(200);
  // The rest is for the question that --yes answers, and for the confirmation.
  expect(okta.ledger.requests() - before).toBeLessThanOrEqual(100 * 3.05);
  expect(loginsOf(okta)).toEqual(['vera@example.com']);
});

it.each([
  ['neither delete', 1],
  ['only the first delete', 2],
])('undo does not report a user as deleted of whom an org does %s, and tries again', async (_, firstLost) => {
  let lost = 0;
  const { okta, at, env } = await importedOrg(3, (org) => ({ method, path }) => {
    const isSecond = method === 'DELETE' && path.endsWith(org.findUser(loginOf(2))?.id ?? '-');
    if (isSecond) lost += 1;
    return !isSecond || lost < firstLost || lost > 2
      ? undefined
      : { status: 204, headers: { 'x-okta-request-id': 'req-1' } };
  });

  const undone = await cli(['undo', 'it', '--yes'], { at, env, clock: fastWaits });

  expect(undone).toMatchObject({ exitCode: 1 });
  const outcomes = at
    .run('it-undo')
    .results.map(({ login, status, errorCode }) => `${login} ${status} ${errorCode}`);
  expect(new Set(outcomes)).toEqual(
    new Set([`${loginOf(1)} removed `, `${loginOf(2)} failed ERR_NOT_DELETED`, `${loginOf(3)} removed `]),
  );
  expect(undone.stderr).toContain('but the user still exists');

  expect(await cli(['undo', 'it', '--yes'], { at, env })).toMatchObject({ exitCode: 0 });
  expect(loginsOf(okta)).toEqual(['vera@example.com']);
});

it('undo searches for at most fifty users at a time, also when it is repeated and all are gone', async () => {
  const sizes: number[] = [];
  const { at, env } = await importedOrg(400, () => ({ query }) => {
    const search = query.get('search') ?? '';
    if (search.includes('id eq')) sizes.push(search.split(' or ').length);
    return undefined;
  });
  for (const _ of ['first', 'again']) {
    expect(await cli(['undo', 'it', '--yes'], { at, env, clock: fastWaits })).toMatchObject({ exitCode: 0 });
  }

  expect(sizes.length).toBeGreaterThan(8);
  expect(Math.max(...sizes)).toBe(50);
});

it('undo gives up confirming deletes by searches when two of them fail, instead of retrying for every fifty users', async () => {
  const { okta, at, env } = await importedOrg(300);
  okta.addFault({ on: 'listUsers', then: 'okta-error', errorCode: 'E0000031' });
  // The plan has asked as well.
  expect(await cli(['undo', 'it'], { at, env })).toMatchObject({ exitCode: 2 });
  const ofPlan = okta.ledger.requests({ operation: 'listUsers' });

  expect(await cli(['undo', 'it', '--yes'], { at, env })).toMatchObject({ exitCode: 0 });

  expect(okta.ledger.requests({ operation: 'listUsers' }) - 2 * ofPlan).toBe(2);
  expect(loginsOf(okta)).toEqual(['vera@example.com']);
});

it('undo does not take users for existing whom only a search still shows', async () => {
  const { okta, at, env } = await importedOrg(3, (org) => async ({ query, forward }) => {
    const known = org.users();
    const response = await forward();
    const isSearch = query.get('search')?.includes('id eq') === true;
    return isSearch && known.length === 1 ? { ...response, text: JSON.stringify(seen) } : response;
  });
  const seen = okta.users();

  expect(await cli(['undo', 'it', '--yes'], { at, env, clock: fastWaits })).toMatchObject({ exitCode: 0 });
  expect(at.run('it-undo').results.map(({ status }) => status)).toEqual(['removed', 'removed', 'removed']);
});

it('undo reads a user again if a proxy responds to its deletes in place of the org', async () => {
  const seen = new Map<string, number>();
  const { okta, at, env } = await importedOrg(4, () => ({ method, path }) => {
    if (method !== 'DELETE') return undefined;
    const nth = (seen.get(path) ?? 0) + 1;
    seen.set(path, nth);
    return nth % 2 === 1 ? { status: 204 } : undefined;
  });

  const undone = await cli(['undo', 'it', '--yes'], { at, env, clock: fastClock() });

  expect(undone).toMatchObject({ exitCode: 0 });
  expect(loginsOf(okta)).toEqual(['vera@example.com']);
});

it('undo keeps a user that was edited after the listing for its question', async () => {
  let edited: Promise<void> | undefined;
  const { okta, at, env } = await importedOrg(3, (org) => async ({ method, query, forward }) => {
    if (method !== 'GET' || !query.get('search')?.startsWith('id eq')) return undefined;
    const listed = await forward();
    edited ??= update(org, loginOf(2), { title: 'Team lead' });
    await edited;
    return listed;
  });

  await cli(['undo', 'it', '--yes'], { at, env });

  expect(edited).toBeDefined();
  expect(loginsOf(okta)).toEqual([loginOf(2), 'vera@example.com'].toSorted());
});

it('verify lists users that were changed since the run, with few requests', async () => {
  const { okta, at, env } = await importedOrg(120);
  expect(await cli(['verify', 'it'], { at, env })).toMatchObject({ exitCode: 0, stdout: '' });
  expect(okta.ledger.requests({ operation: 'listUsers' })).toBe(3);
  await update(okta, loginOf(7), { title: 'Team lead' });
  await update(okta, loginOf(110), { title: 'Team lead' });
  await update(okta, loginOf(8), { login: 'renamed@example.com', email: 'renamed@example.com' });

  const verified = await cli(['verify', 'it'], { at, env });

  expect(verified.exitCode).toBe(1);
  const lines = verified.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  // In file order.
  expect(lines[0]).toContain(`row 7 (line 8) ${loginOf(7)}`);
  expect(lines[1]).toContain('login is now renamed@example.com');
  expect(lines[2]).toContain(`row 110 (line 111) ${loginOf(110)}`);
});

it('undo and verify reject another org, and a run that does not exist', async () => {
  const { at } = await importedOrg(2);
  const other = await startSandbox();
  onTestFinished(() => other.close());

  const refused = await cli(['undo', 'it', '--yes'], { at, env: orgSettings(other) });
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('the settings select');
  expect(await cli(['verify', 'it'], { at, env: orgSettings(other) })).toMatchObject({ exitCode: 2 });
  const missing = await cli(['verify', 'nothing'], { at, env: orgSettings(other) });
  expect(missing).toMatchObject({ exitCode: 2 });
  expect(missing.stderr).toContain('The run "nothing" does not exist');
});
