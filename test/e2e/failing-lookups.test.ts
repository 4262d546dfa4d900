import { describe, expect, it } from 'vitest';

import { fastWaits } from '../helpers/fast-waits.js';
import { cli } from '../helpers/in-process-cli.js';
import { json, oktaError, type OrgResponse } from '../helpers/intercepted-org.js';
import { peopleCsv, peopleIn } from '../helpers/people.js';
import { scene, type Scene } from '../helpers/scene.js';

const PAGE = { headers: { 'content-type': 'text/html' }, text: '<html>Blocked</html>' };

/** How an org or a gateway fails to answer a listing. */
const FAILURES: readonly [string, () => OrgResponse | Promise<OrgResponse>][] = [
  ['500', () => oktaError(500, 'E0000009', 'Internal Server Error')],
  ['no response', () => new Promise(() => {})],
  ['a web page', () => ({ status: 200, ...PAGE })],
  ['something that is no list', () => json(200, {})],
  ['the page of a gateway', () => ({ status: 403, ...PAGE })],
];

/** An org that fails to list groups or realms. */
function failingOrg(path: string, fail: () => OrgResponse | Promise<OrgResponse>): Promise<Scene> {
  return scene({
    seed: { groups: [{ name: 'Team' }] },
    intercept: (request) => (request.method === 'GET' && request.path === path ? fail() : undefined),
  });
}

describe.each(FAILURES)('an org that answers a lookup of groups with %s', (_, fail) => {
  it('fails the rows with groups, and imports the others', async () => {
    const { at, env } = await failingOrg('/api/v1/groups', fail);
    const file = at.file('people.csv', peopleIn('Team', '', 'Team', 'Team'));

    const run = await cli(['import', file, '--run-id=it', '--request-timeout=3'], {
      at,
      env,
      clock: fastWaits,
    });

    expect(run.exitCode).toBe(1);
    const { results, summary } = at.run('it');
    expect(summary.stoppedBecause).toBeNull();
    expect(results.map(({ status }) => status)).toEqual(['failed', 'created', 'failed', 'failed']);
    expect(results[0]?.errorCode).toBe('ERR_LOOKUP_FAILED');
    expect(results[0]?.message).toMatch(
      /^The group "Team" could not be looked up: GET .* Nothing was sent for this row\.$/,
    );
  });

  it('stops a run whose every row names another group, before anything is created', async () => {
    const { okta, at, env } = await failingOrg('/api/v1/groups', fail);
    const file = at.file('people.csv', peopleIn('One', 'Two', 'Three', 'Four', 'Five'));

    const run = await cli(['import', file, '--run-id=it', '--request-timeout=3'], {
      at,
      env,
      clock: fastWaits,
    });

    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('GET /api/v1/groups');
    expect(at.run('it').results.map(({ status }) => status)).not.toContain('invalid');
    expect(okta.ledger.requests({ operation: 'createUser' })).toBe(0);
  });

  it('ends an import with --group as an org that cannot be reached does', async () => {
    const { at, env } = await failingOrg('/api/v1/groups', fail);
    const file = at.file('people.csv', peopleCsv(2));

    const run = await cli(['import', file, '--group=Team', '--request-timeout=3'], {
      at,
      env,
      clock: fastWaits,
    });

    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('--group: The group "Team" could not be looked up');
  });
});

describe.each(FAILURES.slice(0, 4))('an org that answers a listing of realms with %s', (_, fail) => {
  it('fails the rows with names of realms, and sends the others', async () => {
    const { at, env } = await failingOrg('/api/v1/realms', fail);
    const file = at.file('people.csv', peopleIn('Partners', '', 'Partners').replace('groups', 'realm'));

    const run = await cli(['import', file, '--run-id=it', '--request-timeout=3'], {
      at,
      env,
      clock: fastWaits,
    });

    expect(run.exitCode).toBe(1);
    const { results } = at.run('it');
    expect(results.map(({ status }) => status)).toEqual(['failed', 'created', 'failed']);
    expect(results[0]).toMatchObject({
      errorCode: 'ERR_LOOKUP_FAILED',
      message: expect.stringContaining('The realm "Partners" could not be looked up: GET /api/v1/realms'),
    });
  });
});
