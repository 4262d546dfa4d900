import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { OktaImportError } from '../errors.js';
import { startHttpServer } from '../http-server/http-server.js';
import { readBody } from '../http-server/read-body.js';
import { Router } from '../http-server/router.js';
import { readPackagedFile } from '../packaged-file.js';

import { PageAccess, type Refusal } from './access.js';
import { EventStream } from './event-stream.js';
import { PageRequestError } from './page-error.js';
import { sendError, sendMessage, sendRouteResponse, setSecurityHeaders, toApiError } from './respond.js';
import type { Route } from './route.js';
import { createRoutes } from './routes.js';
import { PageSession, type PageContext, type PageOrg } from './session.js';

const HOST = '127.0.0.1';
const OTHERWISE =
  'Otherwise, press Enter in the terminal in which okta-csv-import runs for a new address, or start it again.';
/** A browser has six, however many tabs are open. Others on this machine must not use up the files that a process can open. */
const MAX_CONNECTIONS = 200;
const MAX_JSON_BYTES = 8_000_000;
const STEPS = ['', 'file', 'columns', 'check', 'plan', 'run', 'report', 'runs'];
/** The steps have one document; its script shows the step of the address. */
const ASSETS: ReadonlyMap<string, string> = new Map([
  ['index.html', 'text/html; charset=utf-8'],
  ['app.js', 'text/javascript; charset=utf-8'],
  ['app.css', 'text/css; charset=utf-8'],
]);

export interface PageServerOptions {
  /** 0 lets the system pick. */
  readonly port: number;
  readonly context: PageContext;
  readonly org: PageOrg;
  /** Receives mistakes of the program. */
  readonly onError: (error: unknown) => void;
  /** Default: by the owner of the connection, where the system tells. */
  readonly isOtherUser?: ((socket: Socket) => boolean) | undefined;
}

/** A server of the local page. */
export interface PageServer {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  readonly session: PageSession;
  /** Aborts when the person ends the server from the page. */
  readonly closeRequested: AbortSignal;
  /** A new address with a one-time token. The one before no longer works. */
  createAddress(): string;
  close(): Promise<void>;
}

/** Starts the local page on this machine. @throws Node's error if the port is not available. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const { context, org, onError } = options;
  const events = new EventStream();
  const session = new PageSession(context, org, (event) => events.send(event), onError);
  const closing = new AbortController();
  const router = new Router<Route>(createRoutes(session, { close: () => closing.abort() }));
  let access = new PageAccess(0, options.isOtherUser);

  const server = await startHttpServer({
    host: HOST,
    port: options.port,
    maxConnections: MAX_CONNECTIONS,
    handle: (request, response) => handle(request, response, { session, events, router, access, onError }),
    onError,
    malformedRequestBody: () =>
      JSON.stringify({ error: { code: 'ERR_PAGE_REQUEST', message: 'The request is not valid HTTP.' } }),
  });
  access = new PageAccess(Number(new URL(server.url).port), options.isOtherUser);
  return {
    url: server.url,
    session,
    closeRequested: closing.signal,
    createAddress: () => `${server.url}/?token=${access.createToken()}`,
    async close() {
      events.close();
      await server.close();
      await session.close();
    },
  };
}

interface PageParts {
  readonly session: PageSession;
  readonly events: EventStream;
  readonly router: Router<Route>;
  readonly access: PageAccess;
  readonly onError: (error: unknown) => void;
}

async function handle(request: IncomingMessage, response: ServerResponse, parts: PageParts): Promise<void> {
  setSecurityHeaders(response);
  const { url: target = '/', method } = request;
  const { access, session, events } = parts;
  // A request target with a whole URL is for proxies, and names its own host.
  if (!/^\/(?!\/)/.test(target) || !URL.canParse(target, 'http://localhost')) {
    sendError(response, 400, notFound('The address cannot be read.'));
    return;
  }
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  const segment = pathname.slice(1);
  const asset = STEPS.includes(segment) ? 'index.html' : segment;
  const assetType = ASSETS.get(asset);
  const token = searchParams.get('token');

  if (segment === '' && method === 'GET' && token !== null) {
    const refusal = access.checkOrigin(request);
    if (refusal === undefined) enter(response, token, parts);
    else refuse(response, refusal, pathname);
    return;
  }
  const match = parts.router.match(method ?? '', target);
  const route = match.kind === 'found' ? match.route : undefined;
  const contentType = route?.body === 'bytes' ? 'application/octet-stream' : 'application/json';
  const refusal = access.check(request, contentType);
  if (refusal !== undefined) {
    refuse(response, refusal, pathname);
  } else if (method === 'GET' && assetType !== undefined) {
    response.writeHead(200, { 'Content-Type': assetType }).end(readPackagedFile(`dist/page/${asset}`));
  } else if (method === 'GET' && segment === 'api/events') {
    events.add(response, [{ kind: 'state', state: session.state }]);
  } else if (match.kind === 'found') {
    await respondTo(request, response, { ...parts, ...match, query: searchParams });
  } else if (match.kind === 'wrong-method') {
    sendError(response, 405, notFound(`${method} is not possible here.`));
  } else {
    sendError(response, 404, notFound('There is nothing at this address.'));
  }
}

async function respondTo(
  request: IncomingMessage,
  response: ServerResponse,
  {
    route,
    params,
    query,
    session,
    onError,
  }: PageParts & {
    readonly route: Route;
    readonly params: Readonly<Record<string, string>>;
    readonly query: URLSearchParams;
  },
): Promise<void> {
  try {
    const body = route.body === 'bytes' ? undefined : await readJson(request);
    const result = await route.handle({ session, params, query, body, message: request });
    await sendRouteResponse(response, result);
  } catch (error) {
    if (!(error instanceof OktaImportError || response.destroyed)) onError(error);
    const { status, error: shown } = toApiError(error);
    if (response.headersSent) response.destroy();
    else sendError(response, status, shown);
  }
}

/** @throws {PageRequestError} */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, MAX_JSON_BYTES);
  if (body.kind === 'too-large') {
    throw new PageRequestError('The request is too large.', {
      status: 413,
      hint: 'Change fewer rows at a time.',
    });
  }
  if (body.kind === 'aborted' || body.bytes.length === 0) return undefined;
  try {
    return JSON.parse(body.bytes.toString('utf8'));
  } catch {
    throw new PageRequestError('The request is not JSON.', { hint: 'Reload the page.' });
  }
}

function enter(response: ServerResponse, token: string, { access, events }: PageParts): void {
  const cookie = access.exchange(token);
  if (cookie === undefined) {
    sendMessage(
      response,
      403,
      'This address was used before',
      'Each address opens the page once. If the page is open in this browser, <a href="/">go to it</a>.',
      OTHERWISE,
    );
    return;
  }
  // The browser before is signed out.
  events.dropAll();
  // The token must not stay in the history of the browser.
  response.writeHead(303, { Location: '/', 'Set-Cookie': cookie }).end();
}

function refuse(response: ServerResponse, refusal: Refusal, path: string): void {
  switch (refusal) {
    case 'other-user':
      sendError(response, 403, notFound('The page belongs to another user of this machine.'));
      return;
    case 'wrong-host':
      sendError(response, 421, notFound('This is not the address of the page.'));
      return;
    case 'other-site':
      sendError(response, 403, notFound('The request comes from another site.'));
      return;
    case 'wrong-content-type':
      sendError(response, 415, notFound('The request has the wrong content type.'));
      return;
    case 'no-cookie':
      if (path.startsWith('/api/')) {
        sendError(response, 401, notFound('This browser is not signed in.'));
        return;
      }
      sendMessage(
        response,
        401,
        'Not signed in',
        'Only the browser that opened the address in the terminal can use this page. If this is that browser, <a href="/">try again</a>.',
        OTHERWISE,
      );
      return;
    default:
      refusal satisfies never;
  }
}

function notFound(message: string): { code: string; message: string; hint: string } {
  return { code: 'ERR_PAGE_REQUEST', message, hint: 'Open the address that the terminal shows.' };
}
