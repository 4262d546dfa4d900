import { onTestFinished } from 'vitest';

import type { Profile, User } from '../../src/okta/types.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { startSandbox } from '../../src/sandbox/server.js';

/** An answer of the sandbox, its body parsed when it is JSON. */
interface Reply<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

interface Asked {
  readonly body?: unknown;
  /** Sent as it stands, in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A sandbox and a signed-in client for it, both gone when the test is over. */
export interface TestOrg {
  readonly okta: Sandbox;
  readonly request: <Body = unknown>(method: string, path: string, asked?: Asked) => Promise<Reply<Body>>;
  /** Posts ADA with these attributes changed, and the rest of the body. */
  readonly create: (profile?: Profile, rest?: object, query?: string) => Promise<Reply<User>>;
}

export async function testOrg(options: SandboxOptions = {}): Promise<TestOrg> {
  const okta = await startSandbox(options);
  onTestFinished(() => okta.close());

  const request = async <Body>(method: string, path: string, asked: Asked = {}): Promise<Reply<Body>> => {
    const body = asked.text ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
    const response = await fetch(okta.url + path, {
      method,
      headers: {
        authorization: `SSWS ${okta.token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...asked.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  };

  return {
    okta,
    request,
    create: (profile = {}, rest = {}, query = '') =>
      request<User>('POST', `/api/v1/users${query}`, { body: { profile: { ...ADA, ...profile }, ...rest } }),
  };
}

/** The profile P of users.md §2.3. */
export const ADA: Profile = {
  firstName: 'Ada',
  lastName: 'Byron',
  email: 'ada@example.com',
  login: 'ada@example.com',
};

/** Okta's error body, for `toMatchObject`. */
export function oktaError(errorCode: string, errorSummary: string, causes: readonly string[] = []): object {
  return {
    errorCode,
    errorSummary,
    errorLink: errorCode,
    errorCauses: causes.map((cause) => ({ errorSummary: cause })),
  };
}
