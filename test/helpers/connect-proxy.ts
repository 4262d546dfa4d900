import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { onTestFinished } from 'vitest';

import type { ServerIdentity } from './authority.js';

export interface ConnectProxyOptions {
  /** The real target of a tunnel, whatever host was requested. */
  readonly leadsTo: string;
  /** The required `user:password`. */
  readonly credentials?: string | undefined;
  /** The authentication scheme that it requests; default `Basic`. */
  readonly challenge?: string | undefined;
  /** The response to every CONNECT. */
  readonly status?: number | undefined;
  /** Drops the connections of this many first CONNECTs, without a response. */
  readonly diesFor?: number | undefined;
  /** Never responds. */
  readonly isSilent?: boolean | undefined;
  /** Connections to the proxy itself use TLS. */
  readonly identity?: ServerIdentity | undefined;
}

/** One CONNECT as received. */
export interface SeenTunnel {
  readonly target: string;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage['headers'];
}

export interface ConnectProxy {
  /** Origin, on 127.0.0.1; by TLS on `localhost`. */
  readonly url: string;
  readonly host: string;
  readonly tunnels: readonly SeenTunnel[];
  /** Requests that were sent without a tunnel. */
  readonly plainRequests: readonly string[];
  /** Drops all tunnels. */
  breakTunnels(): void;
}

/** A real proxy on a loopback port, closed after the test. */
export async function connectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const { leadsTo, credentials, identity } = options;
  const tunnels: SeenTunnel[] = [];
  const plainRequests: string[] = [];
  const open = new Set<Duplex>();
  const server = identity === undefined ? createHttpServer() : createHttpsServer(identity);
  const wanted =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;

  server.on('request', (request: IncomingMessage, response) => {
    plainRequests.push(request.url ?? '');
    response.writeHead(500).end();
  });
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    open.add(client);
    // Lost connections are part of the tests.
    client.on('error', () => undefined).on('close', () => open.delete(client));
    const authorization = request.headers['proxy-authorization'];
    tunnels.push({ target: request.url ?? '', authorization, headers: request.headers });
    if (options.isSilent) return;
    if (tunnels.length <= (options.diesFor ?? 0)) {
      client.destroy();
      return;
    }
    const status = options.status ?? (wanted !== undefined && authorization !== wanted ? 407 : 200);
    if (status !== 200) {
      const challenge =
        status === 407 ? `Proxy-Authenticate: ${options.challenge ?? 'Basic realm="x"'}\r\n` : '';
      client.end(`HTTP/1.1 ${status} No\r\n${challenge}Content-Length: 2\r\n\r\nNo`);
      return;
    }
    const { hostname, port } = new URL(leadsTo);
    const org = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) org.write(head);
      org.pipe(client).pipe(org);
    });
    open.add(org);
    org
      .on('error', () => client.destroy())
      .on('close', () => {
        open.delete(org);
        client.destroy();
      });
    client.on('close', () => org.destroy());
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of [...open, ...sockets]) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const host = identity === undefined ? `127.0.0.1:${port}` : `localhost:${port}`;
  return {
    url: `${identity === undefined ? 'http' : 'https'}://${host}`,
    host,
    tunnels,
    plainRequests,
    breakTunnels() {
      for (const socket of open) socket.destroy();
    },
  };
}
