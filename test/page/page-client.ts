import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';

import { onTestFinished } from 'vitest';

import { systemClock } from '../../src/clock.js';
import type { PageEvent, PageState } from '../../src/page/api/state.js';
import { startPageServer, type PageServer } from '../../src/page/server.js';
import type { PageContext, PageOrg } from '../../src/page/session.js';

import { workplace, type Workplace } from '../helpers/workplace.js';

export const NO_ORG: PageOrg = {
  state: { kind: 'none', url: undefined, credentialsFrom: undefined, problem: undefined },
  connect: undefined,
  orgArgs: [],
};

export interface PageResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends one request, with exactly these headers and the path as it is written. */
export function send(
  url: string,
  {
    method = 'GET',
    path,
    headers = {},
    body,
  }: {
    readonly method?: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array | undefined;
  },
): Promise<PageResponse> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const message = httpRequest({ hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    message.on('error', reject);
    message.end(body);
  });
}

/** A browser that has opened the address: sends the cookie, and the headers that a browser adds. */
export class PageClient {
  readonly url: string;
  readonly cookie: string;

  private constructor(url: string, cookie: string) {
    this.url = url;
    this.cookie = cookie;
  }

  static async enter(address: string): Promise<PageClient> {
    const { origin, pathname, search } = new URL(address);
    const { headers } = await send(origin, { path: `${pathname}${search}` });
    return new PageClient(origin, headers['set-cookie']?.[0]?.split(';')[0] ?? '');
  }

  request(method: string, path: string, body?: unknown): Promise<PageResponse> {
    return this.sendBytes(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
      'application/json',
    );
  }

  sendBytes(
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    contentType = 'application/octet-stream',
  ): Promise<PageResponse> {
    const headers = {
      Cookie: this.cookie,
      Origin: this.url,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': contentType,
    };
    return send(this.url, { method, path, headers, body });
  }

  /** @throws {Error} the response is an error. */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, text } = await this.request(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text) as T;
  }

  state(): Promise<PageState> {
    return this.json('GET', '/api/state');
  }

  /** Reads events until one satisfies the test. The first is the current state. */
  async until(isExpected: (event: PageEvent) => boolean): Promise<PageEvent> {
    for await (const event of this.events()) if (isExpected(event)) return event;
    throw new Error('The events have ended.');
  }

  /** Waits for a state. */
  async untilState(isExpected: (state: PageState) => boolean): Promise<PageState> {
    const event = await this.until((each) => each.kind === 'state' && isExpected(each.state));
    if (event.kind !== 'state') throw new Error('Not a state.');
    return event.state;
  }

  async *events(): AsyncGenerator<PageEvent, void> {
    const { hostname, port } = new URL(this.url);
    const response = await new Promise<AsyncIterable<Buffer> & { destroy(): void }>((resolve, reject) => {
      const message = httpRequest(
        { hostname, port, path: '/api/events', headers: { Cookie: this.cookie } },
        resolve,
      );
      message.on('error', reject);
      message.end();
    });
    let text = '';
    try {
      for await (const chunk of response) {
        text += chunk.toString('utf8');
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const data = /^data: (.*)$/m.exec(part)?.[1];
          if (data !== undefined) yield JSON.parse(data) as PageEvent;
        }
      }
    } finally {
      response.destroy();
    }
  }
}

export interface PageScene {
  readonly server: PageServer;
  readonly client: PageClient;
  readonly at: Workplace;
  /** Mistakes of the program. */
  readonly errors: readonly unknown[];
}

/** A page that a browser has opened. Closed after the test. */
export async function pageScene({
  org = NO_ORG,
  at = workplace(),
  isOtherUser,
  openTypedOrg = () => Promise.reject(new Error('No org can be typed in this test.')),
}: {
  readonly org?: PageOrg;
  readonly at?: Workplace;
  readonly isOtherUser?: (socket: Socket) => boolean;
  readonly openTypedOrg?: PageContext['openTypedOrg'];
} = {}): Promise<PageScene> {
  const errors: unknown[] = [];
  const server = await startPageServer({
    port: 0,
    org,
    isOtherUser,
    onError: (error) => errors.push(error),
    context: {
      clock: systemClock,
      random: Math.random,
      version: '0.0.0-test',
      reports: `${at.folder}/reports`,
      startedBy: () => ({ user: 'ada', host: 'workbench', timeZone: 'UTC', utcOffsetMinutes: 0 }),
      commandArgs: [],
      openTypedOrg,
      concurrency: 10,
    },
  });
  onTestFinished(() => server.close());
  return { server, at, errors, client: await PageClient.enter(server.createAddress()) };
}
