import { describe, expect, it, onTestFinished } from 'vitest';

import type { SandboxSeed } from '../../src/sandbox/seed.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { interceptedOrg, json, type Interceptor } from '../helpers/intercepted-org.js';
import { loginOf, profileOf } from '../helpers/people.js';
import { scene } from '../helpers/scene.js';
import { workplace } from '../helpers/workplace.js';

const UPDATE = ['--if-exists=update'];

/** Users of the rows 1 to `count`, with a title. */
function users(count: number): NonNullable<SandboxSeed['users']> {
  return Array.from({ length: count }, (_, index) => ({
    profile: { ...profileOf(index + 1), title: 'Old' },
  }));
}

/** A file with the logins and one more column. */
function titles(count: number, title = 'Lead'): string {
  const rows = Array.from({ length: count }, (_, index) => `${loginOf(index + 1)},${title}`);
  return `${['login,title', ...rows].join('\n')}\n`;
}

const MISSING = /^Okta requires firstName/;

/** As for a user who changes status while the pages are read. */
const withoutSecond: Interceptor = async ({ method, path, query, forward }) => {
  if (method !== 'GET' || path !== '/api/v1/users' || query.has('search')) return undefined;
  const response = await forward();
  const page = JSON.parse(response.text ?? '') as { profile: { login: string } }[];
  return { ...response, text: JSON.stringify(page.filter(({ profile }) => profile.login !== loginOf(2))) };
};

describe('a file of the login and one more column, with --if-exists update', () => {
  it.each([
    [['--clear-empty'], 'Lead'],
    [['--clear-empty'], ''],
    [['--change-password'], 'Lead'],
  ])('updates existing users with %j to the title "%s"', async (flags, title) => {
    const { okta, at, run } = await scene({ flags: UPDATE, seed: { users: users(2) } });
    const file = at.file('people.csv', titles(3, title));

    const checked = await run('validate', file, '--org', '--run-id=check', ...flags);
    expect(checked.exitCode).toBe(1);
    expect(at.run('check').results.map(({ status }) => status)).toEqual([
      'would-update',
      'would-update',
      'invalid',
    ]);

    expect((await run('import', file, '--run-id=it', ...flags)).exitCode).toBe(1);
    const { results } = at.run('it');
    expect(results.map(({ status }) => status)).toEqual(['updated', 'updated', 'invalid']);
    expect(results[2]?.message).toMatch(MISSING);
    expect(okta.findUser(loginOf(1))?.profile['title'] ?? '').toBe(title);
  });

  it('does not clear a required attribute', async () => {
    const { at, run } = await scene({ flags: UPDATE, seed: { users: users(1) } });
    const file = at.file('people.csv', `login,firstName\n${loginOf(1)},\n`);

    expect((await run('import', file, '--run-id=it', '--clear-empty')).exitCode).toBe(1);
    expect(at.run('it').results).toMatchObject([{ status: 'invalid', errorCode: 'required-missing' }]);
  });

  it('ignores credentials that only a create would send', async () => {
    const { at, run } = await scene({ flags: UPDATE, seed: { users: users(1) } });
    const password = 'x'.repeat(80);
    const file = at.file(
      'people.csv',
      `login,title,password\n${loginOf(1)},Lead,${password}\n${loginOf(2)},Lead,${password}\n`,
    );

    expect((await run('import', file, '--run-id=it')).exitCode).toBe(1);
    expect(at.run('it').results).toMatchObject([
      { status: 'updated' },
      { status: 'invalid', errorCode: expect.stringContaining('password-too-long') },
    ]);
  });

  it('updates a user whose login breaks the rules for new logins', async () => {
    const okta = await startSandbox({
      rateLimits: false,
      seed: { users: [{ profile: { ...profileOf(1), login: 'bob' } }] },
      orgOptions: { loginPattern: '.+' },
    });
    onTestFinished(() => okta.close());
    // The org requires email addresses since then; its users keep their logins.
    const { url } = await interceptedOrg(okta, async ({ path, forward }) => {
      if (!path.startsWith('/api/v1/meta/schemas/user/')) return undefined;
      const { text = '' } = await forward();
      return json(200, JSON.parse(text.replace(/"pattern":"[^"]*",?/, '')));
    });
    const at = workplace();
    const file = at.file('people.csv', 'login,title\nbob,Lead\neve,Lead\n');

    const env = orgSettings({ url, token: okta.token });
    await cli(['import', file, '--run-id=it', '--if-exists=update'], { at, env });

    expect(at.run('it').results).toMatchObject([
      { status: 'updated' },
      { status: 'invalid', errorCode: expect.stringContaining('login-not-an-email') },
    ]);
  });
});

describe('a login that the listing of a large org lacks', () => {
  it.each(['import', 'validate --org'])(
    'is read before %s judges what only a create needs',
    async (command) => {
      const [first, ...others] = users(250);
      const { at, run } = await scene({
        flags: UPDATE,
        seed: { users: [{ ...first!, status: 'DEPROVISIONED' }, ...others] },
        intercept: withoutSecond,
      });
      const file = at.file('people.csv', titles(251));

      await run(...command.split(' '), file, '--run-id=it');

      const { results } = at.run('it');
      const updated = command === 'import' ? 'updated' : 'would-update';
      expect(results[0]).toMatchObject({ status: 'invalid', errorCode: 'deprovisioned' });
      expect(results.slice(1, 250).map(({ status }) => status)).toEqual(Array(249).fill(updated));
      expect(results[250]).toMatchObject({ status: 'invalid', message: expect.stringMatching(MISSING) });
    },
  );

  it('is updated by the dry run as by the import when its row is complete', async () => {
    const { at, run } = await scene({ flags: UPDATE, seed: { users: users(250) }, intercept: withoutSecond });
    const rows = users(250).map(({ profile }) => Object.values({ ...profile, title: 'Lead' }).join(','));
    const file = at.file('people.csv', `login,email,firstName,lastName,title\n${rows.join('\n')}\n`);

    expect((await run('validate', file, '--org', '--run-id=check')).exitCode).toBe(0);
    expect(at.run('check').summary.counts).toMatchObject({ wouldUpdate: 250 });
    expect((await run('import', file, '--run-id=it')).exitCode).toBe(0);
    expect(at.run('it').summary.counts).toMatchObject({ updated: 250 });
  });
});
