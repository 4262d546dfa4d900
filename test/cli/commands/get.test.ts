import { expect, it, onTestFinished } from 'vitest';

import { getUser } from '../../../src/cli/commands/get.js';
import { scopes } from '../../../src/cli/scopes.js';
import { loadOrg } from '../../../src/settings/load.js';
import { loadRequestSettings } from '../../../src/settings/requests.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { commandContext } from '../../helpers/command-context.js';

const REQUESTS = loadRequestSettings({
  concurrency: 2,
  rateLimitShare: 1,
  requestTimeout: 30,
  giveUpAfter: 30,
});

/** Logins with characters that are special in a URL, a shell, a search or a terminal. */
const oddLogins = [
  '.',
  '..',
  '...',
  'a/b',
  '/',
  'a?b=c',
  'a#b',
  'a%2Fb',
  '100%',
  'a+b@example.com',
  'a&b=c',
  'a;b',
  'ünï@example.com',
  '佐藤',
  'a\\b',
  '"quoted"',
  'a/"b"',
  'a?\\',
  "o'neill",
  '0012',
  'a:b',
  '~',
  '*',
  '../../api/v1/groups',
  'ada/../me',
];

it.each(oddLogins)('gets exactly the user with the login %s', async (login) => {
  const okta = await startSandbox({
    orgOptions: { loginPattern: '.+' },
    seed: {
      users: oddLogins.map((odd) => ({
        profile: { login: odd, email: 'x@example.com', firstName: 'Ada', lastName: 'Odd' },
      })),
    },
  });
  onTestFinished(() => okta.close());
  const context = commandContext();

  const exitCode = await getUser(
    {
      user: login,
      format: 'json',
      org: await loadOrg({}, orgSettings(okta), scopes.read),
      requests: REQUESTS,
    },
    context,
  );

  expect({ exitCode, stderr: context.printed.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(context.printed.stdout)).toMatchObject({ profile: { login } });
});

it('escapes control characters of an unknown login', async () => {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const context = commandContext();

  const exitCode = await getUser(
    {
      user: 'a\u001b[2J',
      format: 'json',
      org: await loadOrg({}, orgSettings(okta), scopes.read),
      requests: REQUESTS,
    },
    context,
  );

  expect(exitCode).toBe(1);
  expect(context.printed.stderr).toContain('There is no user "a\\u001b[2J" in the org.');
});
