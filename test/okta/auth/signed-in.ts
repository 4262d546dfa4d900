import { onTestFinished } from 'vitest';

import { serviceApp } from '../../../src/okta/auth/service-app.js';
import type { OktaClient } from '../../../src/okta/client.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { clientFor } from '../servers.js';

import type { TestApp } from './apps.js';

interface SignedIn {
  readonly okta: Sandbox;
  readonly client: OktaClient;
}

/** A sandbox with a service app, and a client that signs in as that app. */
export async function signedIn(
  { seed, app }: TestApp,
  options: SandboxOptions = {},
  overrides: Parameters<typeof clientFor>[1] = {},
): Promise<SignedIn> {
  const okta = await startSandbox({ serviceApps: [seed], rateLimits: false, ...options });
  onTestFinished(() => okta.close());
  return { okta, client: clientFor(okta.url, { signIn: serviceApp(app), ...overrides }) };
}

export async function listOnce(client: OktaClient): Promise<void> {
  for await (const _ of client.listUsers({ pageSize: 1 })) return;
}

export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('It succeeded.');
    },
    (error: unknown) => error as Error,
  );
}

export const tokensIssued = ({ ledger }: Sandbox): number =>
  ledger.requests({ operation: 'token', status: 200 });
