import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

/** A request on its way to the org. */
export interface InterceptedRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined without a body, or with one that is not JSON. */
  readonly body: InterceptedBody | undefined;
  /** What the org responds to this request, or to a changed one. */
  readonly forward: (changed?: { readonly url?: string; readonly body?: object }) => Promise<OrgResponse>;
}

/** The parts of a body that tests look at. */
export interface InterceptedBody {
  readonly profile?: Readonly<Record<string, unknown>>;
  readonly credentials?: {
    readonly password?: { readonly value?: string };
    readonly recovery_question?: { readonly answer?: string };
  };
  readonly groupIds?: readonly string[];
  readonly realmId?: string;
}

export interface OrgResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** Responds in the org's place; undefined lets the request pass. */
export type Interceptor = (
  request: InterceptedRequest,
) => OrgResponse | undefined | Promise<OrgResponse | undefined>;

export interface InterceptedOrg {
  readonly url: string;
  /** `POST /api/v1/users`, in the order of arrival. */
  readonly requests: readonly string[];
}

/** One of Okta's error objects. */
export function oktaError(
  status: number,
  errorCode: string,
  errorSummary: string,
  ...causes: string[]
): OrgResponse {
  const errorCauses = causes.map((cause) => ({ errorSummary: cause }));
  return json(status, { errorCode, errorSummary, errorLink: errorCode, errorId: 'oae-test', errorCauses });
}

export function json(status: number, body: unknown): OrgResponse {
  return { status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) };
}

/** An org, such as a sandbox, some of whose responses are replaced. */
export async function interceptedOrg(
  okta: { readonly url: string },
  intercept: Interceptor,
): Promise<InterceptedOrg> {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = incoming;
      const { pathname, searchParams: query } = new URL(url, okta.url);
      const path = decodeURIComponent(pathname);
      requests.push(`${method} ${path}`);
      const forward: InterceptedRequest['forward'] = (changed = {}) =>
        forwardRequest(`${okta.url}${changed.url ?? url}`, {
          method,
          headers,
          body: changed.body === undefined ? text : JSON.stringify(changed.body),
        });
      const respond = async (): Promise<void> => {
        const request = { method, path, query, body: parsed(text), forward };
        const response = (await intercept(request)) ?? (await forward());
        outgoing
          .writeHead(response.status, { ...response.headers })
          .end(response.status === 204 ? undefined : response.text);
      };
      respond().catch(() => outgoing.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function parsed(text: string): InterceptedBody | undefined {
  try {
    return JSON.parse(text) as InterceptedBody;
  } catch {
    return undefined;
  }
}

/** Sends a request on to the org. */
export async function forwardRequest(
  url: string,
  {
    method,
    headers,
    body,
  }: { readonly method: string; readonly headers: IncomingHttpHeaders; readonly body: string },
): Promise<OrgResponse> {
  const names = ['authorization', 'dpop', 'accept', 'content-type', 'user-agent'];
  const sent = names.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const response = await fetch(url, {
    method,
    headers: sent,
    ...(method !== 'GET' && { body }),
    redirect: 'manual',
  });
  const text = await response.text();
  const received = [...response.headers].filter(
    ([name]) => !/^(?:connection|keep-alive|transfer-encoding|content-length)$/.test(name),
  );
  return { status: response.status, headers: Object.fromEntries(received), text };
}
