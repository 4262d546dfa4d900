import { onTestFinished } from 'vitest';

import type { Profile, User } from '../../src/okta/types.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { startSandbox } from '../../src/sandbox/server.js';

/** A response of the sandbox, its body parsed if it is JSON. */
interface TestResponse<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

interface RequestOptions {
  readonly body?: unknown;
  /** Sent literally, instead of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A sandbox and an authenticated client. The sandbox is closed when the test ends. */
export interface TestOrg {
  readonly okta: Sandbox;
  readonly request: <Body = unknown>(
    method: string,
    path: string,
    options?: RequestOptions,
  ) => Promise<TestResponse<Body>>;
  /** Creates ADA, with these attributes changed and the rest of the body. */
  readonly create: (profile?: Profile, rest?: object, query?: string) => Promise<TestResponse<User>>;
}

export async function testOrg(sandboxOptions: SandboxOptions = {}): Promise<TestOrg> {
  const okta = await startSandbox(sandboxOptions);
  onTestFinished(() => okta.close());

  const request = async <Body>(
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<TestResponse<Body>> => {
    const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await fetch(okta.url + path, {
      method,
      headers: {
        authorization: `SSWS ${okta.token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
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

/** A minimal profile. */
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
