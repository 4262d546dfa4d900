import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';

/** One request as received. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A sandbox org behind a proxy that records requests and can hold back responses. */
export interface RecordedOrg {
  readonly url: string;
  readonly token: string;
  readonly okta: Sandbox;
  readonly requests: readonly RecordedRequest[];
  /** Bodies and queries of the creates, in the order in which they were received. */
  creates(): readonly { readonly query: string; readonly body: unknown }[];
  /** Holds back the org's responses to creates after this many; the org itself has processed them. */
  holdCreatesAfter(answered: number): Hold;
}

export interface Hold {
  /**
   * Resolves when this many responses are held back. More than one request is in flight only as far as the slow start has come:
   * 3 at first, 6 after three responses; it grows further only while all of them are used.
   *
   * @throws {Error} a client no longer waits for a response that is held back, so the number will never be reached.
   */
  waiting(count: number): Promise<void>;
  /** Sends them, and holds back no more. */
  release(): void;
}

/** Starts both; they are closed after the test. */
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
    if (method === 'POST' && pathname === '/api/v1/users') {
      response.once('close', () => {
        if (!response.writableFinished) gate.giveUp();
      });
      await gate.pass();
    }
    response.writeHead(
      answer.status,
      Object.fromEntries(
        [...answer.headers].filter(([name]) => !['connection', 'keep-alive'].includes(name)),
      ),
    );
    response.end(text);
  };
  const server = createServer((request, response) => {
    // The client or the sandbox may be killed meanwhile.
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

interface Watcher {
  readonly count: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Lets some pass, then holds the rest until it is opened. */
class Gate {
  #passesLeft = Number.POSITIVE_INFINITY;
  #waiting: (() => void)[] = [];
  #watchers: Watcher[] = [];

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
        new Promise((resolve, reject) => {
          if (this.#waiting.length >= count) resolve();
          else this.#watchers.push({ count, resolve, reject });
        }),
      release: () => this.open(),
    };
  }

  /** One of those held back need not wait any longer. */
  giveUp(): void {
    for (const { count, reject } of this.#watchers) {
      reject(
        new Error(`${this.#waiting.length} responses were held back until a timeout, and never ${count}.`),
      );
    }
  }

  open(): void {
    this.#passesLeft = Number.POSITIVE_INFINITY;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
