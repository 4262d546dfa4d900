import { expect, it, onTestFinished } from 'vitest';

import type { OrgOptions } from '../../../src/sandbox/org.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace } from '../../helpers/workplace.js';

/** As long as real orgs were seen to lag, and longer than a run takes to begin. */
const LAG: OrgOptions = { searchLagMs: 10_000, memberLagMs: 10_000, deletionLagMs: 10_000 };

interface Person {
  readonly login: string;
  readonly title: string;
}

function people(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => ({
    login: `p${index + 1}@example.com`,
    title: `Engineer ${index % 7}`,
  }));
}

function promoted(person: Person): Person {
  return { ...person, title: 'Lead' };
}

function fileOf(rows: readonly Person[]): string {
  const lines = rows.map(({ login, title }) => `${login},${login},Given,Family,${title}`);
  return `login,email,firstName,lastName,title\n${lines.join('\n')}\n`;
}

/** An org with these users; ten more were just created in it. */
async function lagging(users: readonly Person[]): Promise<Sandbox> {
  const okta = await startSandbox({
    rateLimits: { limits: 100_000 },
    orgOptions: LAG,
    seed: {
      users: users.map(({ login, title }) => ({
        profile: { login, email: login, firstName: 'Given', lastName: 'Family', title },
      })),
    },
  });
  onTestFinished(() => okta.close());
  for (let index = 0; index < 10; index += 1) {
    const login = `new${index}@example.com`;
    const profile = { login, email: login, firstName: 'New', lastName: 'Person' };
    await fetch(`${okta.url}/api/v1/users`, {
      method: 'POST',
      headers: { authorization: `SSWS ${okta.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profile }),
    });
  }
  return okta;
}

/** Imports a file into an org with `--if-exists=update`. @returns the number of requests. */
async function nightly(okta: Sandbox, rows: readonly Person[], counts: object): Promise<number> {
  const at = workplace();
  const before = okta.ledger.requests();
  const file = at.file('people.csv', fileOf(rows));
  const flags = ['--if-exists=update', '--run-id=night', '--quiet'];
  const result = await cli(['import', file, ...flags], { at, env: orgSettings(okta) });
  expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(at.run('night').summary.counts).toMatchObject(counts);
  return okta.ledger.requests() - before;
}

it('twenty changed users of 200,000 in an org that lags take two requests each, and a page per 200 users with the whole file', async () => {
  const users = people(200_000);
  const okta = await lagging(users);

  const few = await nightly(okta, users.slice(0, 20).map(promoted), { total: 20, updated: 20 });
  const all = await nightly(okta, [...users.slice(0, 40).map(promoted), ...users.slice(40)], {
    total: 200_000,
    updated: 20,
    unchanged: 199_980,
  });

  expect(few).toBeLessThanOrEqual(45);
  expect(all).toBeLessThanOrEqual(1050);
});
