import { once } from 'node:events';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

import type { ServerIdentity } from './authority.js';

/** A TLS server in front of an org. */
export interface TlsOrg {
  /** `https://localhost:…`. */
  readonly url: string;
  /** Connections over which a handshake was completed by both sides. */
  readonly handshakes: () => number;
  /** The `Authorization` header of each request that was received. */
  readonly requests: readonly { readonly path: string; readonly authorization: string | undefined }[];
}

/** Serves an org that uses http on a loopback port by TLS; closed after the test. */
export async function tlsOrg(orgUrl: string, identity: ServerIdentity): Promise<TlsOrg> {
  const requests: { path: string; authorization: string | undefined }[] = [];
  let handshakes = 0;
  const server = createServer(identity, (incoming, response) => {
    requests.push({ path: incoming.url ?? '', authorization: incoming.headers.authorization });
    const { method, headers, url } = incoming;
    // A sandbox answers to names of this machine only.
    const sent = { ...headers, host: new URL(orgUrl).host };
    const outgoing = forward(orgUrl + url, { method, headers: sent }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.on('secureConnection', () => (handshakes += 1)).on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, handshakes: () => handshakes, requests };
}
