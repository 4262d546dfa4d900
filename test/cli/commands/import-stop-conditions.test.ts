import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../../helpers/people.js';
import { workplace } from '../../helpers/workplace.js';

it('--canary sends nothing after the first rows when one of them fails', async () => {
  const okta = await startSandbox({
    faults: [{ on: 'createUser', login: loginOf(2), then: 'okta-error', errorCode: 'E0000001' }],
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(50));

  const stopped = await cli(['import', file, '--run-id=it', '--canary=3'], { at, env: orgSettings(okta) });

  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toContain('row 2 (line 3), one of the first 3, failed (--canary)');
  expect(okta.ledger.requests({ operation: 'createUser' })).toBe(3);
  expect(at.run('it').summary.counts).toMatchObject({ total: 50, created: 2, failed: 1, notAttempted: 47 });
});

it('--canary does not create the groups of rows that are not reached', async () => {
  const okta = await startSandbox({
    faults: [{ on: 'createUser', login: loginOf(1), then: 'slow-before-commit', delayMs: 1000 }],
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  const [header, first, second] = peopleCsv(2).trim().split('\n');
  const file = at.file('people.csv', [`${header},groups`, `${first},`, `${second},Brand new`].join('\n'));
  const env = orgSettings(okta);
  expect(await cli(['import', file, '--only=1'], { at, env })).toMatchObject({ exitCode: 0 });

  const flags = ['--canary=1', '--create-groups'];
  // The login of the first row already exists, which takes a second to learn.
  const { exitCode } = await cli(['import', file, ...flags], { at, env });

  expect(exitCode).toBe(3);
  expect(okta.ledger.requests({ operation: 'createGroup' })).toBe(0);
});

it('--canary continues when the first rows succeed', async () => {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(50));

  expect(await cli(['import', file, '--canary=3'], { at, env: orgSettings(okta) })).toMatchObject({
    exitCode: 0,
  });

  expect(okta.users()).toHaveLength(50);
});

it.each([
  ['4', '4'],
  ['10%', '10% of 45'],
])('--max-failures %s stops a run with more bad rows', async (maxFailures, words) => {
  const okta = await startSandbox({
    faults: [{ on: 'createUser', every: 1, then: 'okta-error', errorCode: 'E0000001' }],
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(45));

  const stopped = await cli(
    ['import', file, '--run-id=it', '--concurrency=2', `--max-failures=${maxFailures}`],
    {
      at,
      env: orgSettings(okta),
    },
  );

  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toContain(`5 rows failed or were invalid, more than ${words} (--max-failures)`);
  expect(stopped.stderr).toMatch(new RegExp(`okta-csv-import resume .* --max-failures ${maxFailures}`));
  const { failed, notAttempted, total } = at.run('it').summary.counts;
  expect(total).toBe(45);
  expect(failed + notAttempted).toBe(45);
  expect(failed).toBeGreaterThanOrEqual(5);
  expect(failed).toBeLessThanOrEqual(7);
});

it.each(['--max-failures=many', '--max-failures=200%', '--canary=0'])(
  '%s is refused before anything is sent',
  async (flag) => {
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(2));

    const refused = await cli(['import', file, '--sandbox', flag], { at });

    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain(flag.split('=')[0]);
  },
);
