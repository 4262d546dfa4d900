import type { Socket } from 'node:net';

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { fastify } from 'fastify';

import type { User } from '../okta/types.js';
import type { Fault } from './faults.js';
import { errorId } from './identifiers.js';
import type { Ledger } from './ledger.js';
import type { SandboxOptions } from './options.js';
import { DEFAULT_TOKEN } from './options.js';
import type { Bucket } from './rate-limits.js';
import { Refusal } from './refusal.js';
import type { Route } from './routes.js';
import { ROUTES } from './routes.js';
import type { Visit } from './request-handler.js';
import { Service } from './request-handler.js';
import { userBody } from './user-body.js';
import { errorBody } from './http-response.js';

const HOST = '127.0.0.1';
/** Longer than any login, percent-encoded; the router's own default would turn long logins into 404. */
const LONGEST_PATH_PART = 2000;

/** An Okta org in a box, as long as it runs. State lives in memory and is gone with it. */
export interface Sandbox {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  /** The SSWS token that is accepted. */
  readonly token: string;
  /** What the server saw and did since it started, or since `reset()`. */
  readonly ledger: Ledger;
  /** Everyone but the token's owner, in the order of creation, as `GET /api/v1/users/{id}` sends them. */
  users(): readonly User[];
  /** By id, login (any case) or unambiguous short name. */
  findUser(user: string): User | undefined;
  /** Names of the groups that somebody is in, without Everyone. */
  groupsOf(user: string): readonly string[];
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Other clients of the org make so many requests in a bucket, now. */
  consume(bucket: Bucket, requests: number): void;
  /** From now on 401 `E0000011`, until `reset()`. */
  revokeToken(): void;
  /** Access tokens issued so far are revoked: 401 with a challenge, until a new one is asked for. */
  revokeAccessTokens(): void;
  /** DPoP proofs with the nonce of before are challenged from now on. */
  changeNonce(): void;
  /** Back to the seed, with the faults of the options, fresh windows and an empty ledger. */
  reset(): void;
  /** Drops all connections and frees the port. */
  close(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation behind a path; absent for paths and methods that there are not. */
    sandboxRoute?: Route;
  }
}

/** Starts a sandbox org: a real HTTP server on a loopback port, as strict as Okta is documented to be. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let service = new Service(options);
  const serve = (request: FastifyRequest, reply: FastifyReply, malformed?: Refusal): Promise<void> => {
    // From here on the sandbox writes to the socket itself: names of headers in Okta's case, some of them twice.
    reply.hijack();
    return service.serve(toVisit(request, reply, malformed));
  };

  const app = fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PATH_PART, querystringParser: () => ({}) },
    clientErrorHandler: (_error, socket) => answerUnreadable(socket),
    frameworkErrors: (_error, request, reply) => {
      void serve(request, reply, new Refusal('E0000020'));
    },
  });
  // The service reads bodies itself: it has a word of its own for every way in which one can be wrong.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const route of ROUTES) {
    app.route({
      method: route.method,
      url: route.path,
      config: { sandboxRoute: route },
      handler: (request, reply) => serve(request, reply),
    });
  }
  app.setNotFoundHandler((request, reply) => serve(request, reply));
  app.setErrorHandler((error: FastifyError, request, reply) => serve(request, reply, refusalOf(error)));
  const url = await app.listen({ host: HOST, port: options.port ?? 0 });

  return {
    url,
    token: options.token ?? DEFAULT_TOKEN,
    get ledger() {
      return service.ledger;
    },
    users: () =>
      [...service.org.users.inOrder.after(service.owner.ordinal)].map((user) => userBody(user, url)),
    findUser: (user) => {
      const record = service.org.users.find(user);
      return record && userBody(record, url);
    },
    groupsOf: (user) => service.org.users.find(user)?.groups.map((group) => group.name) ?? [],
    addFault: (fault) => service.faults.add(fault),
    clearFaults: () => service.faults.clear(),
    consume: (bucket, requests) => service.consume(bucket, requests),
    revokeToken: () => service.revokeToken(),
    revokeAccessTokens: () => service.revokeAccessTokens(),
    changeNonce: () => service.changeNonce(),
    reset: () => {
      service.close();
      service = new Service(options);
    },
    close: async () => {
      service.close();
      await app.close();
    },
  };
}

function toVisit(request: FastifyRequest, reply: FastifyReply, malformed: Refusal | undefined): Visit {
  return {
    route: request.routeOptions.config.sandboxRoute,
    method: request.method,
    url: request.raw.url ?? '/',
    params: isParams(request.params) ? request.params : {},
    headers: request.headers,
    bytes: Buffer.isBuffer(request.body) ? request.body : undefined,
    raw: reply.raw,
    malformed,
  };
}

/** The router only makes strings. */
function isParams(params: unknown): params is Readonly<Record<string, string>> {
  return typeof params === 'object' && params !== null;
}

/** What Fastify says of a request that it cannot hand over, in Okta's words. */
function refusalOf(error: FastifyError): Refusal {
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal('E0000021');
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new Refusal('E0000020', { status: error.statusCode });
  }
  throw error;
}

/** Bytes that are no HTTP request: there is nobody to serve, but the answer still has Okta's shape. */
function answerUnreadable(socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = errorBody(new Refusal('E0000020'), errorId(0));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}
