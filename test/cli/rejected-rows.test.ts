import { expect, it, onTestFinished } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../helpers/cli.js';
import { interceptedOrg, oktaError } from '../helpers/intercepted-org.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

async function bench(
  ...faults: readonly Fault[]
): Promise<{ okta: Sandbox; at: Workplace; run: (...args: readonly string[]) => Promise<CliResult> }> {
  const login = loginOf(1);
  const okta = await startSandbox({
    seed: { users: [{ profile: { login, email: login, firstName: 'Given 1', lastName: 'Family' } }] },
    rateLimits: false,
    faults,
  });
  onTestFinished(() => okta.close());
  const at = workplace();
  const { url } = await interceptedOrg(okta, ({ method, path, body }) =>
    method === 'POST' && path === '/api/v1/users' && body?.profile?.['login'] === loginOf(2)
      ? oktaError(
          400,
          'E0000001',
          'Api validation failed: newUser',
          `Field error in object 'newUser' on field 'badgeNumber': rejected value [null]; codes [blank]; arguments []; default message [The field cannot be left blank]`,
        )
      : undefined,
  );
  const env = orgSettings({ url, token: okta.token });
  at.file('people.csv', peopleCsv(2, { title: 'Lead' }));
  return { okta, at, run: (...args) => cli(args, { at, env }) };
}

it('an error that Okta sends as the text of a Java exception is reported as the attribute and the reason', async () => {
  const { at, run } = await bench();

  await run('import', 'people.csv', '--run-id=it');

  const [taken, blank] = at.run('it').results;
  expect(blank).toMatchObject({
    errorCode: 'E0000001',
    message: 'badgeNumber: The field cannot be left blank.',
  });
  expect(taken?.message).toContain('already exists in Okta');
});

it('a login that exists is recognized in the text of a Java exception', async () => {
  const { at, run } = await bench({ on: 'createUser', then: 'java-error-text' });

  await run('import', 'people.csv', '--run-id=it', '--if-exists=update');

  expect(at.run('it').results[0]).toMatchObject({ status: 'updated' });
});

it('an update that Okta rejects for the login in Okta says that this login is the stored one', async () => {
  const { at, run } = await bench({
    on: 'updateUser',
    then: 'okta-error',
    errorCode: 'E0000001',
    insert: 'login',
    causes: ['login: Does not match required pattern'],
  });

  await run('import', 'people.csv', '--run-id=it', '--if-exists=update');

  const { status, message } = at.run('it').results[0] ?? {};
  expect(status).toBe('failed');
  expect(message).toContain(`The login "${loginOf(1)}", which the user already has in Okta`);
  expect(message).not.toContain('column');
});
