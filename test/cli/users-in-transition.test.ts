import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { interceptedOrg, type InterceptedRequest, type OrgResponse } from '../helpers/intercepted-org.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

/** An org that shows each user with an old status and the one that it is changing to, once `begin` was called. */
async function orgInTransition(
  from: string,
  to: string,
  seeded = false,
): Promise<{
  okta: Sandbox;
  at: Workplace;
  run: (...args: readonly string[]) => Promise<CliResult>;
  begin: () => void;
}> {
  let hasBegun = false;
  const users = loginsTo(3).map((login, index) => ({
    profile: { login, email: login, firstName: `Given ${index + 1}`, lastName: 'Family' },
  }));
  const okta = await startSandbox({ rateLimits: false, seed: { users: seeded ? users : [] } });
  onTestFinished(() => okta.close());
  const { url } = await interceptedOrg(okta, async ({ path, forward }: InterceptedRequest) => {
    if (!hasBegun || !path.startsWith('/api/v1/users')) return undefined;
    const response = await forward();
    const text = response.text?.replaceAll(
      /"status":"\w+"/g,
      `"status":"${from}","transitioningToStatus":"${to}"`,
    );
    return { ...response, text } as OrgResponse;
  });
  const at = workplace();
  at.file('people.csv', peopleCsv(3));
  const env = orgSettings({ url, token: okta.token });
  return { okta, at, run: (...args) => cli(args, { at, env }), begin: () => (hasBegun = true) };
}

it('import reports created users with the status that they are changing to, and activate leaves them alone', async () => {
  const { okta, at, run, begin } = await orgInTransition('STAGED', 'PROVISIONED');
  begin();

  await run('import', 'people.csv', '--run-id=it');
  expect(at.run('it').results.map(({ userStatus }) => userStatus)).toEqual(Array(3).fill('PROVISIONED'));

  await run('activate', 'it');
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(0);
});

it('import takes a user who is being deactivated for deactivated', async () => {
  const { at, run, begin } = await orgInTransition('ACTIVE', 'DEPROVISIONED', true);
  begin();
  at.file('people.csv', peopleCsv(3, { title: 'Lead' }));

  await run('import', 'people.csv', '--run-id=it', '--if-exists=update');

  expect(at.run('it').results.map(({ errorCode }) => errorCode)).toEqual(Array(3).fill('deprovisioned'));
});

it('activate does not activate a user a second time who is being activated', async () => {
  const { okta, at, run, begin } = await orgInTransition('STAGED', 'ACTIVE');
  await run('import', 'people.csv', '--no-activate', '--run-id=it');
  begin();

  expect(await run('activate', 'it')).toMatchObject({ exitCode: 0 });
  expect(at.run('it-activate').results.map(({ userStatus }) => userStatus)).toEqual(Array(3).fill('ACTIVE'));
  expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(0);
});

it('list and get show the status that a user is changing to', async () => {
  const { run, begin } = await orgInTransition('STAGED', 'PROVISIONED', true);
  begin();

  expect((await run('list', '--format=csv', '--columns=login,status')).stdout).not.toContain('STAGED');
  expect(JSON.parse((await run('get', loginsTo(1)[0]!)).stdout)).toMatchObject({
    status: 'PROVISIONED',
    transitioningToStatus: 'PROVISIONED',
  });
});
