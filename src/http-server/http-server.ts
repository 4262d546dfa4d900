import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';

/** How long a client may take to send the head of a request: one that never ends must not hold its connection for ever. */
const HEAD_TIMEOUT_MS = 10_000;

/** Longer than clients keep an idle connection: otherwise they would now and then send into one that is being closed. */
const KEEP_ALIVE_MS = 72_000;

export interface HttpServerOptions {
  /** The address to listen on, such as `127.0.0.1`. */
  readonly host: string;
  /** 0 lets the system pick. */
  readonly port: number;
  /** Writes the response. After a rejection the connection is dropped, because the response would never end. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Receives what `handle` rejects with: mistakes of the program, never of a client. */
  readonly onError: (error: unknown) => void;
  /** The JSON of the 400 for bytes that are not an HTTP request. */
  readonly malformedRequestBody: () => string;
  /** Default 10 s. */
  readonly headTimeoutMs?: number | undefined;
  /** Further connections are closed. Unlimited by default. */
  readonly maxConnections?: number | undefined;
}

/** A server that listens. */
export interface HttpServer {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  /** Frees the port and drops all connections, including those with a request in progress. */
  close(): Promise<void>;
}

/** Starts a small HTTP/1.1 server. Rejects with Node's error if the port is not available. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, handle, onError, malformedRequestBody, maxConnections } = options;
  const { headTimeoutMs = HEAD_TIMEOUT_MS } = options;
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: headTimeoutMs,
      connectionsCheckingInterval: headTimeoutMs / 2,
    },
    (request, response) => {
      handle(request, response).catch((error: unknown) => {
        response.destroy();
        onError(error);
      });
    },
  );
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  server.on('clientError', (_error, socket) => respondToMalformed(socket, malformedRequestBody));
  server.listen({ host, port });
  await once(server, 'listening');

  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  const closed = once(server, 'close');
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function respondToMalformed(socket: Duplex, body: () => string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const text = body();
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n` +
      `Connection: close\r\n\r\n${text}`,
  );
}
