import { expect, it } from 'vitest';

import { fastClock } from '../helpers/fast-clock.js';
import { cli } from '../helpers/in-process-cli.js';
import { oktaError } from '../helpers/intercepted-org.js';
import { loginOf, peopleIn } from '../helpers/people.js';
import { scene } from '../helpers/scene.js';

const FAILED = oktaError(500, 'E0000009', 'Internal Server Error');

const EMOJI = 'Team 🚀';

it('finds a group name that Okta cannot store before anything is sent', async () => {
  const { org, at, env } = await scene();
  const file = at.file('people.csv', peopleIn('Team', EMOJI, 'Team'));
  const problem = 'contains 🚀 (U+1F680), which Okta cannot store';

  const offline = await cli(['validate', file, '--run-id=offline'], { at, env });
  expect(offline.exitCode).toBe(1);
  expect(at.run('offline').results[1]).toMatchObject({ status: 'invalid', errorCode: 'group-name' });

  const run = await cli(['import', file, '--run-id=it', '--create-groups'], { at, env });

  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain(problem);
  expect(at.run('it').results.map(({ status }) => status)).toEqual(['created', 'invalid', 'created']);
  expect(org.requests.filter((request) => request === 'POST /api/v1/groups')).toHaveLength(1);
});

it('reports a group of the command line that Okta cannot store', async () => {
  const { org, at, env } = await scene();
  const file = at.file('people.csv', peopleIn('Team'));

  const run = await cli(['import', file, '--group', EMOJI, '--create-groups'], { at, env });

  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('which Okta cannot store');
  expect(org.requests).not.toContain('POST /api/v1/groups');
});

it('fails only the rows of a group that the org fails to create, and does not repeat the long retries for each', async () => {
  const { org, at, env } = await scene({
    intercept: ({ method, path, body }) =>
      method === 'POST' && path === '/api/v1/groups' && body?.profile?.['name'] === 'Odd'
        ? FAILED
        : undefined,
  });
  const file = at.file('people.csv', peopleIn('Odd', 'Team', 'Odd', 'Odd', 'Team', 'Odd'));

  const run = await cli(['import', file, '--run-id=it', '--create-groups'], {
    at,
    env,
    clock: fastClock(50),
  });

  expect(run.exitCode).toBe(1);
  const { results, summary } = at.run('it');
  expect(summary.stoppedBecause).toBeNull();
  expect(results.map(({ status }) => status)).toEqual([
    'failed',
    'created',
    'failed',
    'failed',
    'created',
    'failed',
  ]);
  expect(results[0]).toMatchObject({ login: loginOf(1), errorCode: 'ERR_LOOKUP_FAILED' });
  expect(results[0]?.message).toContain('The group "Odd" could not be created: ');
  // Six for the first row, none for the next ones, and one for the group that can be created.
  expect(org.requests.filter((request) => request === 'POST /api/v1/groups')).toHaveLength(7);
});
