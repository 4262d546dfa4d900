import { expect, it, onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

async function orgWith(
  count: number,
  options: SandboxOptions = {},
): Promise<{ okta: Sandbox; at: Workplace; env: Record<string, string> }> {
  const okta = await startSandbox({ rateLimits: { limits: 100_000 }, ...options });
  onTestFinished(() => okta.close());
  const at = workplace();
  const env = orgSettings(okta);
  if (count > 0) {
    const file = at.file('first.csv', peopleCsv(count, { title: 'Engineer' }));
    await cli(['import', file, '--run-id=first', '--quiet'], { at, env });
  }
  return { okta, at, env };
}

it('skip reports existing users and creates the others', async () => {
  const { okta, at, env } = await orgWith(3);
  const file = at.file('people.csv', peopleCsv(5, { title: 'Lead' }));

  const result = await cli(['import', file, '--if-exists=skip', '--run-id=it'], { at, env });

  expect(result).toMatchObject({ exitCode: 0 });
  expect(result.stderr).toContain('5 rows, 2 created, 3 already in Okta');
  expect(okta.findUser(loginOf(1))?.profile).toMatchObject({ title: 'Engineer' });
});

it('undo keeps values that were changed since the run, reports this, and restores the rest', async () => {
  const { okta, at, env } = await orgWith(2);
  const file = at.file('people.csv', peopleCsv(2, { title: 'Lead', department: 'Sales' }));
  await cli(['import', file, '--if-exists=update', '--run-id=it', '--quiet'], { at, env });
  await fetch(`${okta.url}/api/v1/users/${okta.findUser(loginOf(1))?.id}`, {
    method: 'POST',
    headers: {
      authorization: `SSWS ${okta.token}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ profile: { title: 'Chief' } }),
  });

  const undone = await cli(['undo', 'it', '--yes'], { at, env });

  expect(undone).toMatchObject({ exitCode: 1 });
  expect(okta.findUser(loginOf(1))?.profile).toMatchObject({ title: 'Chief' });
  expect(okta.findUser(loginOf(1))?.profile).not.toHaveProperty('department');
  expect(okta.findUser(loginOf(2))?.profile).toMatchObject({ title: 'Engineer' });
  expect(at.run('it-undo').results.find(({ login }) => login === loginOf(1))).toMatchObject({
    status: 'kept',
    message: expect.stringContaining('not restored: title'),
  });
});

it('missing groups are created once with --create-groups, get their members, and are named by undo', async () => {
  const { okta, at, env } = await orgWith(0);
  const file = at.file('people.csv', peopleCsv(12, { groups: 'Night shift;Räume' }));
  const refused = await cli(['import', file, '--run-id=refused', '--quiet'], { at, env });
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(okta.users()).toEqual([]);

  const result = await cli(['import', file, '--create-groups', '--run-id=it', '--quiet'], { at, env });

  expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(okta.ledger.requests({ operation: 'createGroup' })).toBe(2);
  expect(okta.groupsOf(loginOf(12))).toEqual(['Night shift', 'Räume']);
  const undone = await cli(['undo', 'it', '--yes'], { at, env });
  expect(undone.stderr).toContain(
    'Groups that the run created are kept, with their members: Night shift (00g',
  );
});

it('a dry run creates no group, even with --create-groups', async () => {
  const { okta, at, env } = await orgWith(0);
  const file = at.file('people.csv', peopleCsv(2, { groups: 'Night shift' }));

  const dry = await cli(['validate', file, '--org', '--create-groups', '--json'], { at, env });

  expect(JSON.parse(dry.stdout)).toMatchObject({ exitCode: 0, counts: { wouldCreate: 2 } });
  expect(okta.ledger.requests({ operation: 'createGroup' })).toBe(0);
});

it('an empty cell changes nothing, or with --clear-empty clears the attribute', async () => {
  const { okta, at, env } = await orgWith(2);
  const file = at.file('people.csv', peopleCsv(2, { title: '' }));
  const kept = await cli(['import', file, '--if-exists=update', '--run-id=kept', '--json'], { at, env });
  expect(JSON.parse(kept.stdout)).toMatchObject({ counts: { unchanged: 2 } });

  const cleared = await cli(
    ['import', file, '--if-exists=update', '--clear-empty', '--run-id=cleared', '--json'],
    { at, env },
  );

  expect(JSON.parse(cleared.stdout)).toMatchObject({ counts: { updated: 2 } });
  expect(okta.findUser(loginOf(1))?.profile).not.toHaveProperty('title');
  expect(await cli(['import', file, '--clear-empty'], { at, env })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--if-exists update'),
  });
});

it('a file with only logins and titles can update titles', async () => {
  const { okta, at, env } = await orgWith(2);
  const file = at.file('titles.csv', `login,title\n${loginOf(1)},Lead\nnobody@example.com,Lead\n`);

  const result = await cli(['import', file, '--if-exists=update', '--run-id=it', '--quiet'], { at, env });

  expect(result).toMatchObject({ exitCode: 1 });
  expect(at.run('it').results.map(({ status, errorCode }) => [status, errorCode])).toEqual([
    ['updated', ''],
    ['invalid', 'required-missing'],
  ]);
  expect(okta.findUser(loginOf(1))?.profile).toMatchObject({ title: 'Lead', firstName: 'Given 1' });
});
