import { expect, it, onTestFinished } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, startCli } from '../helpers/cli.js';
import { FAST_WAITS } from '../helpers/fast-waits.js';
import { firstSignInsIn, signIn } from '../helpers/first-sign-ins.js';
import { killAt } from '../helpers/killed-cli.js';
import { forbidSecondMail } from '../helpers/mails.js';
import { loginsTo, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { until } from '../helpers/until.js';

const MAPPING = `profile: { login: login, email: email, firstName: firstName, lastName: lastName }
`;
const PASSWORDS = `${MAPPING}password: { generate: 16 }
`;

const IMPORT = ['import', 'people.csv', '--run-id=it'];
const SYNC = ['sync', 'people.csv', '--dataset=staff'];

/** A process is killed while Okta still works on its request, which completes after the next process has started. */
const LATE_MS = 3000;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
}

async function scene(mapping: string, faults: readonly Fault[]): Promise<Scene> {
  const okta = await startSandbox({ seed: { users: [] }, rateLimits: { limits: 1_000_000 }, faults });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  at.file('people.csv', peopleCsv(2));
  at.file('mapping.yaml', mapping);
  return { okta, at, env: orgSettings(okta) };
}

const RESET = 'expirePasswordWithTempPassword';

it.each([
  ['import', 'resume', IMPORT, ['resume', 'it']],
  ['sync', 'the next night', SYNC, undefined],
])(
  'a password reset that was under way when %s was killed does not replace the password that %s writes',
  async (_command, _next, start, next) => {
    const { okta, at, env } = await scene(PASSWORDS, [
      { on: 'createUser', nth: 1, then: 'reset-after-commit' },
      { on: RESET, nth: 1, then: 'slow-before-commit', delayMs: LATE_MS },
    ]);
    const args = [...start, '--mapping=mapping.yaml', '--links=links.csv'];
    // The create and the reset.
    expect(
      await killAt({ is: 'after', step: 'request', nth: 2 }, [...args, '--concurrency=1'], {
        at,
        env,
        nodeArgs: FAST_WAITS,
      }),
    ).toBe(true);

    const { exitCode, stderr } = await startCli(next ?? args, { at, env }).finished;
    await until(() => okta.ledger.requests({ operation: RESET }) === 2);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const people = firstSignInsIn(at, 'links.csv');
    expect(people.map(({ login }) => login).toSorted()).toEqual(loginsTo(2));
    for (const person of people) expect(await signIn(okta, person)).toBe('PASSWORD_EXPIRED');
    expect(okta.ledger.created).toHaveLength(2);
  },
);

it.each([
  ['import', IMPORT, ['resume', 'it']],
  ['activate', ['activate', 'it'], ['activate', 'it']],
])(
  'a link that was being issued again when %s was killed does not end the link in the file',
  async (command, start, next) => {
    const { okta, at, env } = await scene(MAPPING, [
      { on: 'activateUser', nth: 1, then: 'reset-after-commit' },
      { on: 'reactivateUser', nth: 1, then: 'slow-before-commit', delayMs: LATE_MS },
    ]);
    if (command === 'activate') {
      await startCli([...IMPORT, '--mapping=mapping.yaml', '--no-activate'], { at, env }).finished;
    }
    const mapping = command === 'import' ? ['--mapping=mapping.yaml'] : [];
    const links = '--links=links.csv';
    const nth = command === 'import' ? 3 : 2;
    const args = [...start, ...mapping, links, '--concurrency=1'];
    expect(await killAt({ is: 'after', step: 'request', nth }, args, { at, env, nodeArgs: FAST_WAITS })).toBe(
      true,
    );

    const again = command === 'import' ? next : [...next, links];
    const { exitCode, stderr } = await startCli(again, { at, env }).finished;
    await until(() => okta.ledger.requests({ operation: 'reactivateUser' }) === 2);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const people = firstSignInsIn(at, 'links.csv');
    expect(people.map(({ login }) => login).toSorted()).toEqual(loginsTo(2));
    for (const { link } of people) expect((await fetch(link)).status).toBe(200);
    expect(okta.ledger.mails).toEqual([]);
  },
);
