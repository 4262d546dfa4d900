import { describe, expect, it } from 'vitest';

import { isRunStopping, reactionTo } from '../../../src/okta/http/failure-reaction.js';

import { clientFor, createAt, errorBody, fakeOrg, sendHtml, sendJson, userBody } from '../servers.js';
import { until } from '../../helpers/until.js';

describe('a response that cannot be trusted', () => {
  it.each<[what: string, respond: Parameters<typeof fakeOrg>[0], text: string]>([
    ['a web page with 200', (response) => sendHtml(response, 200), 'a web page, not JSON'],
    ['an empty 200', (response) => void response.writeHead(200).end(), 'the response body is empty'],
    ['half the JSON', (response) => void response.end('{"id":"00u1","prof'), 'not JSON or is incomplete'],
    ['some other JSON', (response) => sendJson(response, 200, { hello: 'world' }), 'not a user'],
    ['null', (response) => sendJson(response, 200, null), 'not a user'],
    ['a 204', (response) => void response.writeHead(204).end(), 'not a user'],
    [
      'a body shorter than its content-length',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"id":"00u1"', () => response.destroy());
      },
      'incomplete',
    ],
  ])('%s leaves a create in doubt', async (_, respond, text) => {
    const org = await fakeOrg(respond);
    const error = await createAt(org.url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_UNREADABLE_ANSWER' });
    expect(String(error)).toContain(text);
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
    expect(org.requests).toHaveLength(1);
  });

  it('an endless body is aborted, together with its connection', async () => {
    let isClosed = false;
    const org = await fakeOrg((response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const pour = (): void => {
        while (response.write(chunk));
      };
      response.on('drain', pour).on('close', () => (isClosed = true));
      pour();
    });
    const error = await createAt(org.url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_UNREADABLE_ANSWER' });
    await until(() => isClosed);
  });

  it('a body that trickles is aborted after the timeout', async () => {
    const org = await fakeOrg((response) => {
      response.write('{');
      const trickle = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(trickle));
    });
    const error = await createAt(org.url, { requestTimeoutMs: 200 });

    expect(error).toMatchObject({ code: 'ERR_OKTA_UNREADABLE_ANSWER' });
    expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt' });
  });

  it('a read that returns a gateway’s page is retried', async () => {
    const org = await fakeOrg((response, _, nth) => {
      if (nth === 1) sendHtml(response, 502);
      else sendJson(response, 200, userBody('ada@example.com'));
    });

    await expect(clientFor(org.url).getUser('00u1')).resolves.toMatchObject({ id: '00u1' });
    expect(org.requests).toHaveLength(2);
  });
});

describe('an error response', () => {
  it.each([403, 502, 503])('that is a web page with %d is reported as a gateway’s', async (status) => {
    const org = await fakeOrg((response) => sendHtml(response, status));
    const error = await createAt(org.url);

    expect(error).toMatchObject({ code: 'ERR_OKTA_API', status, errorCode: undefined });
    expect(String(error)).toContain('the response is not from Okta');
    expect(reactionTo(error, true).kind).toBe('in-doubt');
    expect(isRunStopping(reactionTo(error, true))).toBe(status === 403);
  });

  it('has Okta’s code, causes and request ID', async () => {
    const causes = [{ errorSummary: 'login: taken' }, { errorSummary: 'email: bad' }];
    const org = await fakeOrg((response) =>
      sendJson(response, 400, errorBody('E0000001', causes), { 'X-Okta-Request-Id': 'req1' }),
    );

    expect(await createAt(org.url)).toMatchObject({
      operation: 'POST /api/v1/users',
      errorCode: 'E0000001',
      errorCauses: ['login: taken', 'email: bad'],
      requestId: 'req1',
    });
  });

  it.each<[what: string, causes: unknown, expected: string[]]>([
    ['a bare object', { errorSummary: 'login: taken' }, ['login: taken']],
    ['null', null, []],
    ['text', 'login: taken', []],
    ['a list of invalid causes', [null, 7, {}, { errorSummary: 7 }, { errorSummary: 'yes' }], ['yes']],
  ])('may have %s as its causes', async (_, causes, expected) => {
    const org = await fakeOrg((response) => sendJson(response, 400, errorBody('E0000001', causes)));

    expect(await createAt(org.url)).toMatchObject({ errorCode: 'E0000001', errorCauses: expected });
  });

  it('without a body takes its text from the WWW-Authenticate header', async () => {
    const challenge =
      'Bearer realm="http://acme.okta.com", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="/api/v1/users"';
    const org = await fakeOrg(
      (response) => void response.writeHead(403, { 'www-authenticate': challenge }).end(),
    );

    expect(await createAt(org.url)).toMatchObject({
      status: 403,
      errorSummary: 'The access token provided does not contain the required scopes.',
    });
  });

  it('without a body or a WWW-Authenticate header is still reported', async () => {
    const org = await fakeOrg((response) => void response.writeHead(400).end());

    expect(await createAt(org.url)).toMatchObject({ errorSummary: 'the response has no body.' });
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    'with %d is not followed, and the token is not sent anywhere else',
    async (status) => {
      const otherServer = await fakeOrg((response) => sendJson(response, 200, userBody('ada@example.com')));
      const org = await fakeOrg(
        (response) => void response.writeHead(status, { location: `${otherServer.url}/login` }).end(),
      );
      const error = await createAt(org.url);

      expect(error).toMatchObject({ code: 'ERR_OKTA_API', status });
      expect(String(error)).toContain(otherServer.url);
      expect(reactionTo(error, false)).toEqual({ kind: 'stop' });
      expect(reactionTo(error, true)).toEqual({ kind: 'in-doubt', isBlocked: true });
      expect(otherServer.requests).toEqual([]);
      expect(String(error)).not.toContain('s3cret');
    },
  );
});
