import { startHttpServer } from '../http-server/http-server.js';
import type { User } from '../okta/types.js';
import type { Fault } from './faults.js';
import { errorBody } from './http-response.js';
import { errorId } from './identifiers.js';
import type { Ledger } from './ledger.js';
import type { SandboxOptions } from './options.js';
import { DEFAULT_TOKEN } from './options.js';
import type { Bucket } from './rate-limits.js';
import { Refusal } from './refusal.js';
import { RequestHandler } from './request-handler.js';
import { readRequest } from './sandbox-request.js';
import { userBody } from './user-body.js';

const HOST = '127.0.0.1';

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

/** Starts a sandbox org: a real HTTP server on a loopback port, as strict as Okta is documented to be. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let handler = new RequestHandler(options);
  const server = await startHttpServer({
    host: HOST,
    port: options.port ?? 0,
    handle: async (message, response) => {
      const request = await readRequest(message);
      await handler.handle(request, response);
    },
    onError: (error) => process.emitWarning(error instanceof Error ? error : String(error)),
    malformedRequestBody: () => errorBody(new Refusal('E0000020'), errorId(0)),
  });
  const { url } = server;

  return {
    url,
    token: options.token ?? DEFAULT_TOKEN,
    get ledger() {
      return handler.ledger;
    },
    users: () =>
      [...handler.org.users.inOrder.after(handler.owner.ordinal)].map((user) => userBody(user, url)),
    findUser: (user) => {
      const record = handler.org.users.find(user);
      return record && userBody(record, url);
    },
    groupsOf: (user) => handler.org.users.find(user)?.groups.map((group) => group.name) ?? [],
    addFault: (fault) => handler.faults.add(fault),
    clearFaults: () => handler.faults.clear(),
    consume: (bucket, requests) => handler.consume(bucket, requests),
    revokeToken: () => handler.authentication.revokeToken(),
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
