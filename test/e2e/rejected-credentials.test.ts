import { EventEmitter, once } from 'node:events';

import { describe, expect, it } from 'vitest';

import type { SandboxSeed } from '../../src/sandbox/seed.js';
import { startCli } from '../helpers/cli.js';

import { oktaError, type Interceptor } from '../helpers/intercepted-org.js';
import { scene, type Scene } from '../helpers/scene.js';

/** The policy of this group is stricter than the org's: Okta creates a user, and then rejects its password (403 E0000014). */
const VAULT = { name: 'Vault', passwordPolicy: { minLength: 20 } };
const SEED: SandboxSeed = { groups: [VAULT] };
const WEAK = 'Plum-Orchard-7';
const STRONG = 'Plum-Orchard-7-and-Pear-Orchard-9';
const LOGIN = 'noor@example.com';

/** One row in the group Vault. */
function rowWith(password: string, { title = 'Lead', question = '', answer = '' } = {}): string {
  return [
    'login,email,firstName,lastName,title,groups,password,recoveryQuestion,recoveryAnswer',
    `${LOGIN},${LOGIN},Noor,Test,${title},Vault,${password},${question},${answer}`,
    '',
  ].join('\n');
}

/** Imports the row with the weak password, which leaves a user behind. @returns its ID. */
async function leaveBehind({ okta, at, run }: Scene, ...flags: string[]): Promise<string> {
  at.file('people.csv', rowWith(WEAK));
  await run('import', 'people.csv', '--run-id=first', ...flags);
  return okta.findUser(LOGIN)?.id ?? '';
}

type Request = Parameters<Interceptor>[0];

/** Holds back the first response that matches, until the process is dead. */
function heldBack(isHeld: (request: Request) => boolean): {
  readonly intercept: Interceptor;
  readonly reached: Promise<void>;
} {
  let hasHeld = false;
  const events = new EventEmitter();
  return {
    reached: once(events, 'reached').then(() => undefined),
    intercept: async (request) => {
      const response = await request.forward();
      if (hasHeld || !isHeld(request)) return response;
      hasHeld = true;
      events.emit('reached');
      return new Promise(() => {});
    },
  };
}

const isCreate = ({ method, path }: Request): boolean => method === 'POST' && path === '/api/v1/users';
const isRead = ({ path }: Request): boolean => path === `/api/v1/users/${LOGIN}`;

describe('a user that Okta created although it rejected the credentials', () => {
  it('is reported as created without credentials, with its ID', async () => {
    const stage = await scene({ seed: SEED });
    const oktaId = await leaveBehind(stage);

    expect(stage.okta.findUser(LOGIN)).toMatchObject({ id: oktaId, status: 'STAGED' });
    expect(stage.at.run('first').results).toMatchObject([
      { status: 'failed', errorCode: 'E0000014', oktaId, userStatus: 'STAGED' },
    ]);
    expect(stage.at.run('first').results[0]?.message).toContain(
      `The user was created without credentials (user ${oktaId}, staged).`,
    );
  });

  it.each([
    ['400 E0000001', oktaError(400, 'E0000001', 'Api validation failed: password', 'password: Too weak.')],
    ['403 E0000080', oktaError(403, 'E0000080', 'The password is too weak', '')],
    ['400 E0000014', oktaError(400, 'E0000014', 'Update of credentials failed', 'password: Too weak.')],
    ['403 E0000014 without causes', oktaError(403, 'E0000014', 'Update of credentials failed')],
  ])('is found and finished when the rejection is %s', async (_, rejection) => {
    const stage = await scene({
      seed: SEED,
      intercept: async (request) => {
        if (!isCreate(request)) return undefined;
        const { status } = await request.forward();
        return status === 403 ? rejection : undefined;
      },
    });
    const oktaId = await leaveBehind(stage);

    const [row] = stage.at.run('first').results;
    expect(row).toMatchObject({ status: 'failed', oktaId, userStatus: 'STAGED' });
    expect(row?.message).toMatch(/^[A-Z].*The user was created without credentials/);
    stage.at.file('fixed.csv', rowWith(STRONG));
    expect((await stage.run('import', 'fixed.csv')).exitCode).toBe(0);
    expect(stage.okta.findUser(LOGIN)).toMatchObject({ id: oktaId, status: 'ACTIVE' });
  });

  it('is not reported as lacking credentials when Okta has activated it', async () => {
    const stage = await scene({
      intercept: async (request) => {
        if (!isCreate(request)) return undefined;
        await request.forward();
        return oktaError(403, 'E0000014', 'Update of credentials failed', 'password: Too weak.');
      },
    });
    stage.at.file('people.csv', rowWith(WEAK).replaceAll(',groups', '').replaceAll(',Vault', ''));
    await stage.run('import', 'people.csv', '--run-id=first');

    const { id } = stage.okta.findUser(LOGIN) ?? {};
    const [row] = stage.at.run('first').results;
    expect(row).toMatchObject({ status: 'failed', oktaId: id, userStatus: 'ACTIVE' });
    expect(row?.message).toContain(`The user was created anyway (user ${id}, active)`);
    await stage.run('undo', 'first', '--yes');
    expect(stage.okta.findUser(LOGIN)).toBeUndefined();
  });

  it.each([
    [[], 'created'],
    [['--if-exists=update'], 'created'],
    [['--if-exists=skip'], 'created'],
    [['--all-or-nothing'], 'created'],
  ])('is finished by the corrected row, with %j', async (flags, status) => {
    const stage = await scene({ seed: SEED });
    const { okta, at, run } = stage;
    const oktaId = await leaveBehind(stage, ...flags.filter((flag) => flag !== '--all-or-nothing'));
    at.file('people.csv', rowWith(STRONG, { title: 'Head', question: 'First car?', answer: 'A green Mini' }));

    const checked = await run(
      'validate',
      'people.csv',
      '--org',
      '--run-id=check',
      ...flags.slice(0, 1).filter((flag) => flag.startsWith('--if')),
    );
    expect(checked.exitCode).toBe(0);
    expect(at.run('check').results).toMatchObject([{ status: 'would-create' }]);
    const result = await run('import', 'people.csv', '--run-id=second', ...flags);

    expect(result.exitCode).toBe(0);
    expect(at.run('second').results).toMatchObject([{ status, oktaId, userStatus: 'ACTIVE' }]);
    expect(okta.findUser(LOGIN)).toMatchObject({
      id: oktaId,
      status: 'ACTIVE',
      profile: { title: 'Head' },
      credentials: { password: {}, recovery_question: { question: 'First car?' } },
    });
    expect(okta.groupsOf(LOGIN)).toEqual(['Vault']);
  });

  it('stays staged with --no-activate, and must choose a new password with --change-password', async () => {
    const staged = await scene({ seed: SEED });
    await leaveBehind(staged, '--no-activate');
    staged.at.file('people.csv', rowWith(STRONG));
    expect((await staged.run('import', 'people.csv', '--no-activate')).exitCode).toBe(0);
    expect(staged.okta.findUser(LOGIN)).toMatchObject({ status: 'STAGED', credentials: { password: {} } });

    const expired = await scene({ seed: SEED });
    await leaveBehind(expired, '--change-password');
    expired.at.file('people.csv', rowWith(STRONG));
    expect((await expired.run('import', 'people.csv', '--change-password')).exitCode).toBe(0);
    expect(expired.okta.findUser(LOGIN)).toMatchObject({ status: 'PASSWORD_EXPIRED' });
  });

  it('is reported again when the corrected row is rejected too, and can still be finished', async () => {
    const stage = await scene({ seed: SEED });
    const oktaId = await leaveBehind(stage);
    stage.at.file('people.csv', rowWith(`${WEAK}a`));
    expect((await stage.run('import', 'people.csv', '--run-id=second')).exitCode).toBe(1);
    expect(stage.at.run('second').results).toMatchObject([
      { status: 'failed', errorCode: 'E0000014', oktaId },
    ]);

    stage.at.file('people.csv', rowWith(STRONG));
    expect((await stage.run('import', 'people.csv', '--run-id=third')).exitCode).toBe(0);
    expect(stage.okta.findUser(LOGIN)).toMatchObject({ id: oktaId, status: 'ACTIVE' });
  });

  it('is known to verify, left out by activate, and removed by undo', async () => {
    const stage = await scene({ seed: SEED });
    await leaveBehind(stage, '--no-activate');

    expect((await stage.run('verify', 'first')).exitCode).toBe(0);
    await stage.run('activate', 'first', '--yes');
    expect(stage.okta.findUser(LOGIN)?.status).toBe('STAGED');
    expect((await stage.run('undo', 'first', '--yes')).exitCode).toBe(0);
    expect(stage.okta.users()).toEqual([]);
  });

  it('is kept by undo of the first run once it was finished, and removed by undo of the run that finished it', async () => {
    const stage = await scene({ seed: SEED });
    await leaveBehind(stage);
    stage.at.file('people.csv', rowWith(STRONG));
    await stage.run('import', 'people.csv', '--run-id=second');

    expect((await stage.run('verify', 'first')).stdout).toContain('was finished since the run');
    expect((await stage.run('undo', 'first', '--yes')).exitCode).toBe(1);
    expect(stage.okta.findUser(LOGIN)?.status).toBe('ACTIVE');
    expect((await stage.run('undo', 'second', '--yes')).exitCode).toBe(0);
    expect(stage.okta.users()).toEqual([]);
  });

  it('is not called unchanged when no run in the reports folder knows it', async () => {
    const stage = await scene({ seed: SEED });
    const oktaId = await leaveBehind(stage);
    stage.at.file('people.csv', rowWith(STRONG));

    const result = await stage.run(
      'import',
      'people.csv',
      '--if-exists=update',
      '--reports=elsewhere',
      '--json',
    );

    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(`(${oktaId}) is staged and has no credentials`);
    expect(stage.okta.findUser(LOGIN)?.status).toBe('STAGED');
  });

  it('is found among the listed users of a large file too', async () => {
    const stage = await scene({ seed: SEED });
    const oktaId = await leaveBehind(stage, '--if-exists=update');
    const others = Array.from({ length: 250 }, (_, index) => {
      const login = `p${index}@example.com`;
      return `${login},${login},Given,Family,,,${STRONG},,`;
    });
    stage.at.file('people.csv', `${rowWith(STRONG)}${others.join('\n')}\n`);

    expect((await stage.run('import', 'people.csv', '--if-exists=update')).exitCode).toBe(0);
    expect(stage.okta.findUser(LOGIN)).toMatchObject({ id: oktaId, status: 'ACTIVE' });
  });
});

describe('a process that is killed', () => {
  it.each([
    ['before the rejection arrives', isCreate],
    ['between the rejection and the read', isRead],
  ])('%s loses no user: resume reports it, the corrected row finishes it', async (_, isHeld) => {
    const { intercept, reached } = heldBack(isHeld);
    const stage = await scene({ intercept, seed: SEED });
    const { okta, at, env, run } = stage;
    at.file('people.csv', rowWith(WEAK));
    const running = startCli(['import', 'people.csv', '--run-id=first'], { at, env });
    await reached;
    running.process.kill('SIGKILL');
    await running.finished;
    const oktaId = okta.findUser(LOGIN)?.id;

    expect((await run('resume', 'first')).exitCode).toBe(1);

    expect(at.run('first').results).toMatchObject([{ status: 'failed', errorCode: 'E0000014', oktaId }]);
    expect(at.run('first').results[0]?.message).toContain('created without credentials');
    at.file('corrected.csv', rowWith(STRONG));
    expect((await run('import', 'corrected.csv', '--run-id=second')).exitCode).toBe(0);
    expect(okta.findUser(LOGIN)).toMatchObject({ id: oktaId, status: 'ACTIVE' });
    expect(okta.ledger.created).toHaveLength(1);
  });

  it.each([
    ['the credentials are set', /\/api\/v1\/users\/00u\w+$/],
    ['the user is activated', /lifecycle\/activate$/],
    ['the password is expired', /lifecycle\/expire_password$/],
  ])('when %s continues to finish the user', async (_, path) => {
    const { intercept, reached } = heldBack(
      (request) => request.method === 'POST' && path.test(request.path),
    );
    const stage = await scene({ intercept, seed: SEED });
    const { okta, at, env, run } = stage;
    const oktaId = await leaveBehind(stage, '--change-password');
    at.file('people.csv', rowWith(STRONG));
    const running = startCli(['import', 'people.csv', '--run-id=second', '--change-password'], { at, env });
    await reached;
    running.process.kill('SIGKILL');
    await running.finished;

    expect((await run('resume', 'second')).exitCode).toBe(0);

    expect(at.run('second').results).toMatchObject([{ status: 'created', oktaId }]);
    expect(okta.findUser(LOGIN)).toMatchObject({ status: 'PASSWORD_EXPIRED', credentials: { password: {} } });
    expect((await run('undo', 'second', '--yes')).exitCode).toBe(0);
    expect(okta.users()).toEqual([]);
  });
});

it('finds the user although reads lag behind the create', async () => {
  let reads = 0;
  const stage = await scene({
    seed: SEED,
    intercept: ({ method, path }) => {
      if (method !== 'GET' || path !== `/api/v1/users/${LOGIN}`) return undefined;
      reads += 1;
      return reads > 3
        ? undefined
        : {
            status: 404,
            headers: { 'content-type': 'application/json' },
            text: JSON.stringify({ errorCode: 'E0000007', errorSummary: 'Not found', errorCauses: [] }),
          };
    },
  });
  const oktaId = await leaveBehind(stage);

  expect(stage.at.run('first').results).toMatchObject([{ status: 'failed', errorCode: 'E0000014', oktaId }]);
});
