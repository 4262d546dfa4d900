import { expect, it, onTestFinished } from 'vitest';

import { openTypedOrg } from '../../src/cli/page-org.js';
import type { PageState } from '../../src/page/api/state.js';
import { startSandbox } from '../../src/sandbox/server.js';

import { commandContext } from '../helpers/command-context.js';
import { pageScene, type PageScene } from './page-client.js';

const REQUESTS = { concurrency: 2, rateLimitShare: 0.5, requestTimeoutMs: 30_000, giveUpAfterMs: 50 };

/** A page on which an org can be typed, and everything that the process prints meanwhile. */
async function scene() {
  const okta = await startSandbox({
    rateLimits: false,
    seed: { attributes: { badgeNumber: { title: 'Badge', type: 'string' } } },
  });
  onTestFinished(() => okta.close());
  const context = commandContext();
  const page = await pageScene({ openTypedOrg: (typed) => openTypedOrg(typed, {}, REQUESTS, context) });
  return { okta, ...page, printed: () => JSON.stringify(context.printed) };
}

function put({ client }: PageScene, url: string, token: string) {
  return client.request('PUT', '/api/org', { url, token });
}

it('a token that was typed is used for the session, and neither shown nor logged', async () => {
  const page = await scene();
  const { okta, client, server, printed } = page;

  const { status, text } = await put(page, okta.url, okta.token);

  expect(status).toBe(200);
  expect((JSON.parse(text) as PageState).org).toEqual({
    kind: 'org',
    url: okta.url,
    credentialsFrom: 'typed on the page',
  });
  expect(server.session.org.connect).toBeDefined();
  const everything = [
    text,
    JSON.stringify(await client.state()),
    printed(),
    server.session.org.orgArgs.join(' '),
  ];
  expect(everything.join('\n')).not.toContain(okta.token);
});

it('the columns then have the attributes of that org', async () => {
  const page = await scene();
  const { okta, client } = page;
  await client.sendBytes('PUT', '/api/file?name=people.csv', 'login,Badge\nyuki@example.com,17\n');
  expect((await client.state()).columns).toMatchObject({ isOrgSchema: false });

  await put(page, okta.url, okta.token);

  const { columns } = await client.state();
  expect(columns).toMatchObject({ isOrgSchema: true });
  expect(columns?.columns[1]?.use).toEqual({ kind: 'attribute', path: 'profile.badgeNumber' });
  expect(columns?.attributes).toContainEqual(
    expect.objectContaining({ name: 'badgeNumber', label: 'Badge', isCustom: true }),
  );
});

it('rows are then checked again with the groups of that org', async () => {
  const page = await scene();
  const { okta, client } = page;
  await client.sendBytes(
    'PUT',
    '/api/file?name=people.csv',
    'login,email,firstName,lastName,groups\nyuki@example.com,yuki@example.com,Yuki,Sato,Nowhere\n',
  );
  await client.json('POST', '/api/check');
  await client.untilState(({ check }) => check?.status === 'ready' && check.problemRows === 0);

  await put(page, okta.url, okta.token);
  const { check } = await client.untilState((state) => state.check?.status === 'ready');

  expect(check).toMatchObject({ isOnline: true, problemRows: 1 });
  expect(check?.groups).toMatchObject([{ code: 'unknown-group' }]);
});

it('rows are not checked with a mapping for attributes that this org does not have', async () => {
  const page = await scene();
  const bare = await startSandbox({ rateLimits: false });
  onTestFinished(() => bare.close());
  const { okta, client } = page;
  const content = 'login,email,firstName,lastName,Badge\nyuki@example.com,yuki@example.com,Yuki,Sato,17\n';
  await put(page, okta.url, okta.token);
  await client.sendBytes('PUT', '/api/file?name=people.csv', content);
  expect((await client.state()).columns?.columns[4]?.use).toMatchObject({ path: 'profile.badgeNumber' });
  await client.json('POST', '/api/check');
  await client.untilState((state) => state.check?.status === 'ready');

  await put(page, bare.url, bare.token);

  const { columns, check } = await client.state();
  expect(columns?.columns[4]?.use).toEqual({ kind: 'undecided' });
  expect(check).toBeUndefined();
});

it.each([
  ['a wrong token', (url: string) => [url, 'wrong-token'], /token/i],
  ['no URL', () => ['acme okta', 'x'], /is not a URL/],
  ['an address without TLS', () => ['http://acme.okta.com', 'x'], /Use https/],
  ['the Admin Console', () => ['https://acme-admin.okta.com', 'x'], /Admin Console/],
  ['a host that is not of Okta', () => ['https://acme.example.com', 'x'], /does not belong to Okta/],
  ['a port where nothing listens', () => ['http://127.0.0.1:1', 'x'], /127\.0\.0\.1:1/],
  ['a token with a line break', (url: string) => [url, 'a\nb'], /characters that tokens cannot contain/],
  ['an access token', (url: string) => [url, 'eyJhbGciOi'], /OAuth access token/],
])('%s is refused with a sentence, and the org stays as it was', async (_, typed, message) => {
  const page = await scene();
  const [url = '', token = ''] = typed(page.okta.url);

  const { status, text } = await put(page, url, token);

  const { error } = JSON.parse(text) as { error: { message: string; hint: string } };
  expect({ status, ...error }).toMatchObject({ status: 422, message: expect.stringMatching(message) });
  expect(error.hint).toMatch(/^\p{Lu}/u);
  expect(text + page.printed()).not.toMatch(/wrong-token|eyJhbGciOi|--custom-domain|OKTA_CLIENT/);
  expect((await page.client.state()).org.kind).toBe('none');
  expect(page.errors).toEqual([]);
});

it.each([{}, { url: 'https://acme.okta.com' }, { url: '', token: 'x' }, null, 'x'])(
  'a request without both is refused: %j',
  async (body) => {
    const { client } = await scene();

    expect((await client.request('PUT', '/api/org', body)).status).toBe(400);
  },
);
