import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';

/** One request as it came off the wire. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A sandbox org behind a door that writes down what comes in, and can be held shut on the way out. */
export interface RecordedOrg {
  readonly url: string;
  readonly token: string;
  readonly okta: Sandbox;
  readonly requests: readonly RecordedRequest[];
  /** Bodies and queries of the creates, in the order in which they came. */
  creates(): readonly { readonly query: string; readonly body: unknown }[];
  /** Keeps back what the org answers to creates after so many of them; the org itself has done its part. */
  holdCreatesAfter(answered: number): Hold;
}

export interface Hold {
  /** Resolves when so many answers are being kept back. */
  waiting(count: number): Promise<void>;
  /** Sends them, and keeps back no more. */
  release(): void;
}

/** Starts both; they are gone when the test is over. */
export async function recordedOrg(options: SandboxOptions = {}): Promise<RecordedOrg> {
  const okta = await startSandbox(options);
  const requests: RecordedRequest[] = [];
  const gate = new Gate();

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const { pathname, search } = new URL(request.url ?? '/', 'http://org');
    const { method = 'GET', headers } = request;
    requests.push({ method, path: pathname, query: search.slice(1), headers, body: body.toString('utf8') });
    const answer = await fetch(okta.url + request.url, {
      method,
      headers: Object.entries(headers)
        .filter(([name]) => !['host', 'connection', 'content-length'].includes(name))
        .map(([name, value]) => [name, String(value)]),
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const text = await answer.text();
    if (method === 'POST' && pathname === '/api/v1/users') await gate.pass();
    response.writeHead(
      answer.status,
      Object.fromEntries(
        [...answer.headers].filter(([name]) => !['connection', 'keep-alive'].includes(name)),
      ),
    );
    response.end(text);
  };
  const server = createServer((request, response) => {
    // The client or the sandbox may be killed in the middle: then nobody waits for an answer.
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    gate.open();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await okta.close();
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: okta.token,
    okta,
    requests,
    creates: () =>
      requests
        .filter(({ method, path }) => method === 'POST' && path === '/api/v1/users')
        .map(({ query, body }) => ({ query, body: JSON.parse(body) as unknown })),
    holdCreatesAfter: (answered) => gate.shutAfter(answered),
  };
}

/** Lets some through, then keeps the rest waiting until it is opened. */
class Gate {
  #passesLeft = Number.POSITIVE_INFINITY;
  #waiting: (() => void)[] = [];
  #watchers: { readonly count: number; readonly resolve: () => void }[] = [];

  pass(): Promise<void> {
    this.#passesLeft -= 1;
    if (this.#passesLeft >= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      for (const watcher of this.#watchers) if (this.#waiting.length >= watcher.count) watcher.resolve();
    });
  }

  shutAfter(passes: number): Hold {
    this.#passesLeft = passes;
    return {
      waiting: (count) =>
        new Promise((resolve) => {
          if (this.#waiting.length >= count) resolve();
          else this.#watchers.push({ count, resolve });
        }),
      release: () => this.open(),
    };
  }

  open(): void {
    this.#passesLeft = Number.POSITIVE_INFINITY;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
