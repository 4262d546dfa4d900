import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

export interface FrontRequest {
  readonly method: string;
  /** As it came over the wire, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FrontResponse {
  readonly status: number;
  /** A string is sent as it is, everything else as JSON; undefined is an empty body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface FrontOrg {
  readonly url: string;
  /** The token of the org behind it. */
  readonly token: string;
  readonly requests: readonly FrontRequest[];
  /** Requests whose method, path and query match. */
  count(pattern: RegExp): number;
}

/**
 * A server in front of a sandbox org that answers some requests itself, as real orgs were seen to do.
 *
 * @param answer - undefined: the sandbox answers.
 */
export async function frontOrg(
  okta: { readonly url: string; readonly token: string },
  answer: (request: FrontRequest) => FrontResponse | undefined,
): Promise<FrontOrg> {
  const requests: FrontRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const [path = '', query = ''] = url.split(/\?(.*)/s);
      const body = Buffer.concat(chunks).toString();
      const request = { method, path, query: new URLSearchParams(query), headers, body };
      requests.push(request);
      const own = answer(request);
      if (own !== undefined) return send(response, own);
      // Whatever signed the request, the sandbox knows its own token.
      const signed = { ...headers, authorization: `SSWS ${okta.token}` };
      forward(`${okta.url}${url}`, { method, headers: signed, body }, response).catch(() =>
        response.destroy(),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: okta.token,
    requests,
    count: (pattern) =>
      requests.filter(({ method, path, query }) => pattern.test(`${method} ${path}?${query.toString()}`))
        .length,
  };
}

function send(response: ServerResponse, { status, body, headers }: FrontResponse): void {
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { ...(body !== undefined && { 'content-type': type }), ...headers });
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}

/** Sends a request on, and its response back. */
export async function forward(
  url: string,
  { method, headers, body }: { method: string; headers: IncomingHttpHeaders; body: string },
  response: ServerResponse,
): Promise<void> {
  const names = ['authorization', 'dpop', 'accept', 'content-type', 'user-agent'];
  const sent = names.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const answer = await fetch(url, {
    method,
    headers: sent,
    ...(method !== 'GET' && { body }),
    redirect: 'manual',
  });
  const text = await answer.text();
  const received = [...answer.headers].filter(
    ([name]) => !/^(?:connection|keep-alive|transfer-encoding|content-length)$/.test(name),
  );
  response
    .writeHead(answer.status, Object.fromEntries(received))
    .end(answer.status === 204 ? undefined : text);
}
