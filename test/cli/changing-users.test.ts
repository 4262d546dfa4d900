import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { interceptedOrg } from '../helpers/intercepted-org.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

const ROWS = 450;

/** Rows 1 to 210 are staged, the last ten suspended. */
function statusOf(row: number): 'STAGED' | 'ACTIVE' | 'SUSPENDED' {
  if (row <= 210) return 'STAGED';
  return row <= ROWS - 10 ? 'ACTIVE' : 'SUSPENDED';
}

/**
 * Okta lists users by status and ID. Another admin activates 50 staged users when their page was read, so that they are on a
 * second one, and unsuspends the suspended ones when the page where they would be was read, so that most are on none.
 */
it('updates users once who change their status while the org is listed, be they on two pages or on none', async () => {
  const okta = await startSandbox({
    rateLimits: { limits: 100_000 },
    seed: {
      users: Array.from({ length: ROWS }, (_, index) => ({
        profile: {
          login: loginOf(index + 1),
          email: loginOf(index + 1),
          firstName: `Given ${index + 1}`,
          lastName: 'Family',
        },
        status: statusOf(index + 1),
      })),
    },
  });
  onTestFinished(() => okta.close());
  const change = async (from: number, to: number, operation: string): Promise<void> => {
    for (let row = from; row <= to; row += 1) {
      const path = `/api/v1/users/${loginOf(row)}/lifecycle/${operation}`;
      const headers = { authorization: `SSWS ${okta.token}`, 'content-type': 'application/json' };
      await fetch(okta.url + path, { method: 'POST', headers });
    }
  };
  let pages = 0;
  const listed: string[] = [];
  const org = await interceptedOrg(okta, async ({ method, path, query, forward }) => {
    if (method !== 'GET' || path !== '/api/v1/users' || query.has('search')) return undefined;
    const response = await forward();
    const users = JSON.parse(response.text ?? '') as { profile: { login: string } }[];
    listed.push(...users.map(({ profile }) => profile.login));
    pages += 1;
    if (pages === 1) await change(1, 50, 'activate?sendEmail=false');
    if (pages === 2) await change(ROWS - 9, ROWS, 'unsuspend');
    return response;
  });
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(ROWS, { title: 'Lead' }));
  const env = orgSettings({ url: org.url, token: okta.token });
  const result = await cli(['import', file, '--if-exists=update', '--run-id=it', '--quiet'], { at, env });

  const logins = Array.from({ length: ROWS }, (_, index) => loginOf(index + 1));
  expect(new Set(listed).size).toBeLessThan(listed.length);
  expect(logins.some((login) => !listed.includes(login))).toBe(true);
  expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(at.run('it').summary.counts).toMatchObject({ total: ROWS, updated: ROWS });
  expect(okta.users().every(({ profile }) => profile['title'] === 'Lead')).toBe(true);
  expect(okta.ledger.requests({ operation: 'updateUser' })).toBe(ROWS);
  expect(okta.users()).toHaveLength(ROWS);
});
