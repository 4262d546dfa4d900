import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import type { SandboxSeed } from '../../src/sandbox/seed.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleIn } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

async function orgOf(seed: SandboxSeed): Promise<{
  readonly at: Workplace;
  readonly run: (...args: string[]) => Promise<CliResult>;
  readonly groupsOf: (login: string) => readonly string[];
}> {
  const okta = await startSandbox({ rateLimits: false, seed });
  onTestFinished(() => okta.close());
  const at = workplace();
  return {
    at,
    run: (...args) => cli(args, { at, env: orgSettings(okta) }),
    groupsOf: (login) => okta.groupsOf(login),
  };
}

const MESSAGE =
  'groups: Okta adds every user to the group Everyone, and rejects it in a request. Remove it from the groups.';

it('the built-in group Everyone is refused by its name in any case, and is not created', async () => {
  const { at, run } = await orgOf({});
  const file = at.file('people.csv', peopleIn('Everyone', 'everyone'));

  for (const command of [
    ['validate', '--org'],
    ['import', '--create-groups'],
  ]) {
    const [name = '', flag = ''] = command;
    expect((await run(name, file, flag, `--run-id=${name}`)).exitCode).toBe(1);
    expect(
      at.run(name).results.map(({ status, errorCode, message }) => [status, errorCode, message]),
    ).toEqual([
      ['invalid', 'group-everyone', MESSAGE],
      ['invalid', 'group-everyone', MESSAGE],
    ]);
  }
});

it("an org's own group of that name is accepted, since the org is asked", async () => {
  const { at, run, groupsOf } = await orgOf({ groups: [{ name: 'everyone' }] });
  const file = at.file('people.csv', peopleIn('everyone'));

  expect((await run('validate', file, '--org')).exitCode).toBe(0);
  expect((await run('import', file)).exitCode).toBe(0);
  expect(groupsOf('p1@example.com')).toEqual(['everyone']);
});
