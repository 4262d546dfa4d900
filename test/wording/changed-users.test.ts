import { expect, it } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { fastWaits } from '../helpers/fast-waits.js';
import { orgSettings } from '../helpers/cli.js';
import { interceptedOrg, type Interceptor } from '../helpers/intercepted-org.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

const IN_ORDER = '--concurrency=1';

it('users that were changed after the run', async () => {
  const transcript = new Transcript();

  const created = await scene(transcript, 7);
  await created.command('import', [
    'import',
    'people.csv',
    '--run-id=it',
    IN_ORDER,
    '--group=New',
    '--create-groups',
  ]);
  await created.change(loginOf(1), 'POST', { profile: { title: 'Director' } });
  await created.change(loginOf(2), 'POST', { profile: { login: 'renamed@example.com' } });
  await created.change(`${loginOf(3)}/lifecycle/deactivate`, 'POST');
  await created.remove(loginOf(4));
  await created.command('verify', ['verify', 'it']);
  await created.command('verify, quiet', ['verify', 'it', '--quiet']);
  await created.command('verify as JSON', ['verify', 'it', '--json']);
  await created.command('undo', ['undo', 'it', '--yes', IN_ORDER]);
  created.addResults('it-undo');
  await created.command('undo, with force', ['undo', 'it', '--yes', '--force', IN_ORDER]);

  const updated = await scene(transcript, 2, { seed: { users: [existing(1), existing(2)] } });
  await updated.command('import of updates', [
    'import',
    'people.csv',
    '--run-id=it',
    IN_ORDER,
    '--if-exists=update',
  ]);
  await updated.change(loginOf(1), 'POST', { profile: { firstName: 'Third' } });
  await updated.remove(loginOf(2));
  await updated.command('undo of updates', ['undo', 'it', '--yes', IN_ORDER]);
  updated.addResults('it-undo');

  const staged = await scene(transcript, 3);
  await staged.command('import of staged users', [
    'import',
    'people.csv',
    '--run-id=it',
    IN_ORDER,
    '--no-activate',
  ]);
  await staged.change(`${loginOf(1)}/lifecycle/deactivate`, 'POST');
  await staged.remove(loginOf(2));
  await staged.command('activate', ['activate', 'it', IN_ORDER]);
  staged.addResults('it-activate');

  const taken = await scene(transcript, 1, {
    seed: { users: [existing(1)] },
    faults: [{ on: 'createUser', nth: 1, then: 'reset-before-commit' }],
  });
  await taken.command('an existing login after a lost response', ['import', 'people.csv', '--run-id=it']);
  taken.addResults('it');

  const undeleted = await scene(transcript, 1, {
    intercept: ({ method }) =>
      method === 'DELETE' ? { status: 204, headers: { 'x-okta-request-id': 'req-1' } } : undefined,
  });
  await undeleted.command('import', ['import', 'people.csv', '--run-id=it']);
  await undeleted.command('undo of an org that accepts deletes without effect', ['undo', 'it', '--yes']);
  undeleted.addResults('it-undo');

  await expect(transcript.text).toMatchFileSnapshot('snapshots/changed-users.txt');
});

function existing(row: number) {
  return { profile: { login: loginOf(row), email: loginOf(row), firstName: 'Former', lastName: 'Family' } };
}

/** An org, a file with this many rows, and another client that changes users. */
async function scene(
  transcript: Transcript,
  rows: number,
  { intercept, ...options }: SandboxOptions & { readonly intercept?: Interceptor } = {},
) {
  const { env: usual, okta } = await sandboxOrg(options);
  const env =
    intercept === undefined
      ? usual
      : orgSettings({ ...okta, url: (await interceptedOrg(okta, intercept)).url });
  const at = workplace();
  at.file('people.csv', peopleCsv(rows));
  const change = async (path: string, method: string, body?: unknown): Promise<void> => {
    const answer = await fetch(`${okta.url}/api/v1/users/${path}`, {
      method,
      headers: {
        Authorization: `SSWS ${okta.token}`,
        Accept: 'application/json',
        'Content-Type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}`).toBe(true);
  };
  return {
    change,
    async remove(login: string) {
      await change(`${login}/lifecycle/deactivate`, 'POST');
      await change(login, 'DELETE');
    },
    command: (title: string, args: readonly string[]) =>
      transcript.command(title, args, { at, env, clock: fastWaits }),
    addResults(run: string) {
      const lines = at
        .run(run)
        .results.map(({ row, status, errorCode, message }) =>
          [row, status, errorCode, message].filter((text) => text !== '').join(' | '),
        );
      transcript.add(`results.csv of ${run}`, lines.join('\n'), at);
    },
  };
}

it('people of the same file', async () => {
  const transcript = new Transcript();
  const { env, okta } = await sandboxOrg();
  const at = workplace();
  at.file(
    'managers.yaml',
    'profile: { login: login, email: login, firstName: first, lastName: last, managerId: { person: Boss, as: id } }\n',
  );
  const file = (rows: string): string => at.file('people.csv', `login,first,last,Boss\n${rows}`);
  const importing = (title: string, ...args: string[]) =>
    transcript.command(title, ['import', 'people.csv', '--mapping=managers.yaml', IN_ORDER, ...args], {
      at,
      env,
    });

  file(
    'a@example.com,Ann,Lee,z@example.com\nb@example.com,Bo,Ek,Kim Ota\nk1@example.com,Kim,Ota,\nk2@example.com,Kim,Ota,k1@example.com\n',
  );
  await importing('person-unknown, person-ambiguous', '--run-id=unknown');
  file('c@example.com,Cy,Fo,d@example.com\nd@example.com,Di,Go,c@example.com\n');
  await importing('manager-circle', '--run-id=circle');
  okta.addFault({ on: 'createUser', login: 'f@example.com', then: 'okta-error', errorCode: 'E0000001' });
  file('e@example.com,Ed,Ho,f@example.com\nf@example.com,Fe,Io,\n');
  await importing('ERR_PERSON_MISSING: the manager could not be created', '--run-id=missing');

  await expect(transcript.text).toMatchFileSnapshot('snapshots/people.txt');
});
