import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

import { forwardRequest } from './intercepted-org.js';

/** Where a response repeats its request. */
export const ECHOES = {
  'an Okta error with 400': (response, echo) => sendError(response, 400, echo),
  'an Okta error with 401': (response, echo) => sendError(response, 401, echo),
  'an Okta error with 403': (response, echo) => sendError(response, 403, echo),
  'an Okta error with 500': (response, echo) => sendError(response, 500, echo),
  'an error code': (response, { line }) => send(response, 400, { errorCode: line, errorSummary: 'No.' }),
  'an OAuth error': (response, { text, line }) =>
    send(response, 400, { error: line, error_description: text }),
  'WWW-Authenticate': (response, { line }) => {
    const value = line.replaceAll('"', "'");
    const challenge = `Bearer error="${value}", error_description="${value}"`;
    send(response, 401, {}, { 'www-authenticate': challenge });
  },
  'Content-Type': (response, { line }) => {
    response.writeHead(403, { 'content-type': `text/html; ${line}` }).end('<p>No.');
  },
  'a web page': (response, { text }) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end(`<pre>${text}</pre>`);
  },
  'the reason phrase': (response, { line }) => {
    response.writeHead(503, line, { 'content-type': 'text/plain' }).end('No.');
  },
  'the request ID': (response, { line }) =>
    send(
      response,
      400,
      { errorCode: 'E0000001', errorSummary: 'No.' },
      { 'x-okta-request-id': line.replaceAll(/\s/g, '_') },
    ),
  Location: (response, { words }) => {
    response.writeHead(302, { location: `https://${words.join('.')}.example/${words.join('/')}` }).end();
  },
  'a user with 200': (response, { words }) => {
    const [id = 'none'] = words;
    const profile = { login: id, email: words[1] ?? '', nickName: words.at(-1) };
    send(response, 200, { id, status: id, created: id, type: { id }, profile });
  },
  'the ID and the status of the right user': (response, { words, body }) => {
    const login = /"login":"([^"]+)"/.exec(body)?.[1] ?? 'a@example.com';
    const secret = words.at(-1) ?? '';
    const profile = { login, nickName: secret };
    send(response, 200, { id: secret, status: secret, created: secret, type: { id: secret }, profile });
  },
  'text instead of JSON': (response, { text }) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  },
  'what is not HTTP': (response, { line }) => {
    response.socket?.end(`${line}\r\n\r\n`);
  },
} satisfies Readonly<Record<string, (response: ServerResponse, echo: Echo) => void>>;

export type EchoName = keyof typeof ECHOES;

interface Echo {
  readonly body: string;
  /** Everything that was sent, in several spellings. */
  readonly text: string;
  /** The same on one line of ASCII. */
  readonly line: string;
  /** Credentials and secrets one by one. */
  readonly words: readonly string[];
}

export interface EchoingOrg {
  readonly url: string;
  echoes(): number;
  /** Credentials and secrets that were repeated, one by one. */
  readonly repeated: ReadonlySet<string>;
}

/** An org behind a gateway that responds to most writes and every third read itself, with what it received. */
export async function echoingOrg(name: EchoName, okta: { readonly url: string }): Promise<EchoingOrg> {
  let requests = 0;
  let echoes = 0;
  const repeated = new Set<string>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      requests += 1;
      const body = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = incoming;
      if (method === 'GET' ? requests % 3 === 0 : requests % 4 !== 0) {
        echoes += 1;
        const echo = echoOf(headers, body);
        for (const word of echo.words) repeated.add(word);
        ECHOES[name](response, echo);
      } else {
        forwardRequest(`${okta.url}${url}`, { method, headers, body })
          .then(({ status, headers: received, text }) =>
            response.writeHead(status, { ...received }).end(status === 204 ? undefined : text),
          )
          .catch(() => response.destroy());
      }
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
    echoes: () => echoes,
    repeated,
  };
}

function echoOf(headers: IncomingHttpHeaders, body: string): Echo {
  const credentials = [headers.authorization, headers['dpop']].flatMap((value) =>
    typeof value === 'string' ? [value.split(' ').at(-1) ?? ''] : [],
  );
  const secrets = [...body.matchAll(/"(?:value|salt|answer)":"([^"]+)"/g)].map(([, value]) => value ?? '');
  const words = [...credentials, ...secrets];
  const sent = [...credentials, body].join(' ');
  const text = [
    sent,
    encodeURIComponent(sent),
    JSON.stringify(sent),
    ...words.map((word) => `password: ${word} was used before, "${word}"`),
    Buffer.from(`sent: ${sent}`).toString('base64'),
  ].join(' ');
  return { body, text, line: text.replaceAll(/[^ -~]/g, '?').slice(0, 12_000), words };
}

function sendError(response: ServerResponse, status: number, { text, words }: Echo): void {
  const errorCauses = [text, ...words].map((errorSummary) => ({ errorSummary }));
  send(response, status, { errorCode: 'E0000001', errorSummary: text, errorCauses });
}

function send(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
