import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { fastClock } from '../helpers/fast-clock.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { Transcript } from './transcript.js';

interface OktaError {
  readonly status: number;
  readonly code: string;
  readonly summary: string;
  readonly causes?: readonly string[];
}

const ERRORS: readonly OktaError[] = [
  {
    status: 400,
    code: 'E0000001',
    summary: 'Api validation failed: login',
    causes: ['login: An object with this field already exists in the current organization'],
  },
  {
    status: 400,
    code: 'E0000001',
    summary: 'Api validation failed: password',
    causes: ['password: Password requirements were not met.'],
  },
  {
    status: 400,
    code: 'E0000001',
    summary: 'Api validation failed: newUser',
    causes: ["Property name 'shoeSize' is not defined in profile"],
  },
  { status: 404, code: 'E0000007', summary: 'Not found: Resource not found: 00gExample (UserGroup)' },
  { status: 403, code: 'E0000014', summary: 'Update of credentials failed' },
  {
    status: 403,
    code: 'E0000023',
    summary: 'Operation failed because user profile is mastered under another system',
  },
  { status: 403, code: 'E0000038', summary: "This operation is not allowed in the user's current status." },
  { status: 501, code: 'E0000060', summary: 'Unsupported operation.' },
  { status: 403, code: 'E0000077', summary: 'Cannot modify the title attribute because it is read-only.' },
  { status: 403, code: 'E0000078', summary: 'Cannot modify the title attribute because it is immutable.' },
  { status: 403, code: 'E0000080', summary: 'The password does not meet the complexity requirements' },
  { status: 400, code: 'E0000093', summary: 'Target count limit exceeded' },
  { status: 400, code: 'E0000107', summary: 'Cannot delete application in state' },
  {
    status: 409,
    code: 'E0000112',
    summary: 'Cannot update this user because they are still being activated.',
  },
  { status: 400, code: 'E0000179', summary: 'A required attribute is mastered by another system' },
  { status: 400, code: 'E9999999', summary: 'An error that this program does not know' },
];

it("Okta's errors for a row, and what to do", async () => {
  const transcript = new Transcript();
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(ERRORS.length + 1));
  const env = orgSettings(await refusingOrg());

  await transcript.command(
    'every error',
    ['import', file, '--run-id=it', '--concurrency=1', '--no-progress'],
    {
      at,
      env,
      clock: fastClock(),
    },
  );
  const rows = at
    .run('it')
    .results.map(({ row, errorCode, message }) => `${row} | ${errorCode} | ${message}`);
  transcript.add('results.csv', rows.join('\n'), at);
  await transcript.command(
    'every error of a sync',
    ['sync', file, '--dataset=staff', '--run-id=night', '--concurrency=1', '--no-progress'],
    { at, env, clock: fastClock() },
  );

  await expect(transcript.text).toMatchFileSnapshot('snapshots/okta-errors.txt');
});

/** A sandbox behind a proxy that rejects the create of each row with another error, and the last one with a web page. */
async function refusingOrg(): Promise<{ readonly url: string; readonly token: string }> {
  const okta = await startSandbox();
  const server = createServer((request, response) => {
    serve(request, response, okta.url).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await okta.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: okta.token };
}

async function serve(request: IncomingMessage, response: ServerResponse, orgUrl: string): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const body = await text(request);
  const error = ERRORS.find((_, index) => body.includes(`"${loginOf(index + 1)}"`));
  if (method === 'POST' && error !== undefined) {
    const { status, code, summary, causes = [] } = error;
    const answer = {
      errorCode: code,
      errorSummary: summary,
      errorLink: code,
      errorId: 'oaeExample',
      errorCauses: causes.map((errorSummary) => ({ errorSummary })),
    };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    return;
  }
  if (method === 'POST') {
    response.writeHead(418, { 'content-type': 'text/html' }).end('<html>teapot</html>');
    return;
  }
  const answer = await fetch(orgUrl + url, { headers: { authorization: headers.authorization ?? '' } });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}
