import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { onTestFinished } from 'vitest';

import { systemClock, type Clock } from '../../src/clock.js';
import { apiToken } from '../../src/okta/auth/static-token.js';
import { OktaClient } from '../../src/okta/client.js';
import type { TransportOptions } from '../../src/okta/http/transport.js';
import { Secret } from '../../src/secret.js';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeOrg {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
}

export type Respond = (response: ServerResponse, request: ReceivedRequest, nth: number) => void;

/** A server whose responses a test writes, for those that a sandbox org never sends. */
export async function fakeOrg(respond: Respond): Promise<FakeOrg> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body };
      requests.push(request);
      respond(response, request, requests.length);
    });
  });
  onTestFinished(() => server.closeAllConnections());
  return { url: await listening(server), requests };
}

/** A TCP server. */
export async function rawServer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    // Clients may close the connection.
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A URL on this machine where nothing is listening. */
export async function unusedUrl(): Promise<string> {
  const server = createNetServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  await once(server, 'close');
  return url;
}

export function clientFor(orgUrl: string, overrides: Partial<TransportOptions> = {}): OktaClient {
  const client = new OktaClient({
    orgUrl,
    signIn: apiToken(new Secret('s3cret')),
    userAgent: 'okta-csv-import/test',
    concurrency: 4,
    rateLimitShare: 1,
    requestTimeoutMs: 20_000,
    giveUpAfterMs: 300_000,
    clock: systemClock,
    random: () => 0,
    ...overrides,
  });
  onTestFinished(async () => client.close());
  return client;
}

/** Time that runs a thousand times as fast. */
export const acceleratedClock: Clock = {
  now: () => performance.now() * 1000,
  sleep: async (ms, signal) => systemClock.sleep(ms / 1000, signal),
};

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: object = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendHtml(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Gateway</title><p>Something is wrong.');
}

/** A user as Okta returns it. */
export function userBody(login: string, id = '00u1'): object {
  return { id, status: 'STAGED', created: '', lastUpdated: '', type: { id: 'oty1' }, profile: { login } };
}

export const errorBody = (errorCode: string, errorCauses: unknown = []): object => ({
  errorCode,
  errorSummary: 'No.',
  errorLink: errorCode,
  errorId: 'oae1',
  errorCauses,
});

export const BODY = JSON.stringify({ profile: { login: 'ada@example.com' } });

/** The error of a create. */
export async function createAt(orgUrl: string, overrides: Partial<TransportOptions> = {}): Promise<unknown> {
  try {
    return await clientFor(orgUrl, overrides).createUser(BODY, { activate: false });
  } catch (error) {
    return error;
  }
}
