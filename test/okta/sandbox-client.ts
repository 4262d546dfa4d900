import { onTestFinished } from 'vitest';

import { apiToken } from '../../src/okta/auth/static-token.js';
import type { OktaClient } from '../../src/okta/client.js';
import type { User } from '../../src/okta/types.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { Secret } from '../../src/secret.js';

import { clientFor } from './servers.js';

export async function sandboxAndClient(
  options: SandboxOptions = {},
): Promise<{ okta: Sandbox; client: OktaClient }> {
  const okta = await startSandbox(options);
  onTestFinished(async () => okta.close());
  const client = clientFor(okta.url, { signIn: apiToken(new Secret(okta.token)) });
  return { okta, client };
}

export async function create(client: OktaClient, login: string, profile = {}): Promise<User> {
  const body = JSON.stringify({
    profile: { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com', login, ...profile },
  });
  const { user } = await client.createUser(body, { activate: false });
  return user;
}
