import { startHttpServer } from '../http-server/http-server.js';
import type { User } from '../okta/types.js';
import { activationTokenIn, openActivationLink } from './activation-page.js';
import type { Fault } from './faults.js';
import { isLoopbackHost } from './host-check.js';
import { errorBody } from './http-response.js';
import { errorId } from './identifiers.js';
import type { Ledger } from './ledger.js';
import { DEFAULT_TOKEN, type SandboxOptions } from './options.js';
import type { Bucket } from './rate-limits.js';
import { OktaError } from './okta-error.js';
import { RequestHandler } from './request-handler.js';
import { readRequest } from './sandbox-request.js';
import { userBody } from './user-body.js';

const HOST = '127.0.0.1';

/** A running sandbox org. Its state is kept in memory only. */
export interface Sandbox {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  /** The API token (SSWS). */
  readonly token: string;
  /** What the server received and did since it started, or since `reset()`. */
  readonly ledger: Ledger;
  /** All users except the token's owner, in the order of creation, as `GET /api/v1/users/{id}` returns them. */
  users(): readonly User[];
  /** By ID, login (case-insensitive) or unambiguous short name. */
  findUser(user: string): User | undefined;
  /** The names of a user's groups, without Everyone. */
  groupsOf(user: string): readonly string[];
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Counts requests of other clients in a bucket. */
  consume(bucket: Bucket, requests: number): void;
  /** Requests with the API token are 401 `E0000011` until `reset()`. */
  revokeToken(): void;
  /** The owner of the API token is deactivated: requests with that token are 403 `E0000006` until `reset()`. */
  deactivateTokenOwner(): void;
  /** Revokes all access tokens: requests are 401 until the client gets a new one. */
  revokeAccessTokens(): void;
  /** From now on, DPoP proofs need another nonce. */
  changeNonce(): void;
  /** Restores the seed and the faults of the options, with new rate-limit windows and an empty ledger. */
  reset(): void;
  /** Drops all connections and frees the port. */
  close(): Promise<void>;
}

/** Starts a sandbox org: an HTTP server on 127.0.0.1 that behaves as Okta's documentation says. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let handler = new RequestHandler(options);
  const server = await startHttpServer({
    host: HOST,
    port: options.port ?? 0,
    handle: async (message, response) => {
      if (!isLoopbackHost(message.headers.host)) {
        const body = errorBody(new OktaError('E0000008', { status: 421 }), errorId(0));
        response.writeHead(421, { 'Content-Type': 'application/json', Connection: 'close' }).end(body);
        return;
      }
      const token = activationTokenIn(message.url);
      if (token !== undefined) {
        const { status, html } = openActivationLink(handler.org, message.method, token);
        response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
        return;
      }
      const request = await readRequest(message);
      await handler.handle(request, response);
    },
    onError: (error) => process.emitWarning(error instanceof Error ? error : String(error)),
    malformedRequestBody: () => errorBody(new OktaError('E0000020'), errorId(0)),
  });
  const { url } = server;

  return {
    url,
    token: options.token ?? DEFAULT_TOKEN,
    get ledger() {
      return handler.ledger;
    },
    users: () =>
      [...handler.org.users.all()]
        .filter((user) => user !== handler.owner)
        .map((user) => userBody(user, url)),
    findUser: (user) => {
      const record = handler.org.users.find(user);
      return record && userBody(record, url);
    },
    groupsOf: (user) => {
      const record = handler.org.users.find(user);
      return record ? handler.org.memberships.groupsOf(record).map((group) => group.name) : [];
    },
    addFault: (fault) => handler.faults.add(fault),
    clearFaults: () => handler.faults.clear(),
    consume: (bucket, requests) => handler.consume(bucket, requests),
    revokeToken: () => handler.authentication.revokeToken(),
    deactivateTokenOwner: () => handler.deactivateOwner(),
    revokeAccessTokens: () => handler.authentication.revokeAccessTokens(),
    changeNonce: () => handler.authentication.changeNonce(),
    reset: () => {
      handler.close();
      handler = new RequestHandler(options);
    },
    close: async () => {
      handler.close();
      await server.close();
    },
  };
}
