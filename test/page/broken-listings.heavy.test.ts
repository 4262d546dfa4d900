import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createOktaClient, importUsers, startSandbox, validateUsers } from '../../src/index.js';
import { interceptedOrg, oktaError, type Interceptor } from '../helpers/intercepted-org.js';
import { workplace } from '../helpers/workplace.js';

import { onTestFinished } from 'vitest';

import { people, runScene } from './run-scene.js';

const COUNT = 230;

const users = Array.from({ length: COUNT }, (_, index) => {
  const login = `p${index + 1}@example.com`;
  return {
    profile: {
      login,
      email: login,
      firstName: 'Amara',
      lastName: `Okafor ${index + 1}`,
      department: 'Former',
    },
  };
});

type Listing = Parameters<Interceptor>[0];

/** What an org or a gateway does to listings of users, given whether the page is the first. */
const FAULTS: readonly [string, (request: Listing, isFirst: boolean) => ReturnType<Interceptor>][] = [
  ['fail every time', () => oktaError(500, 'E0000009', 'Internal Server Error')],
  [
    'break off with 400',
    (_, isFirst) => (isFirst ? undefined : oktaError(400, 'E0000031', 'Invalid search criteria')),
  ],
  [
    'link to another address as the next page',
    async ({ forward }) =>
      withLink(await forward(), '<https://gateway.example/elsewhere?after=1>; rel="next"'),
  ],
  [
    'link to what is no address',
    async ({ forward }) => withLink(await forward(), '<http://[broken>; rel="next"'),
  ],
  [
    'repeat the first page',
    async ({ forward }) =>
      withLink(
        await forward({ url: '/api/v1/users?limit=200' }),
        `<http://org/api/v1/users?after=${(cursor += 1)}&limit=200>; rel="next"`,
      ),
  ],
  ['have no link to the next page', async ({ forward }) => withLink(await forward(), undefined)],
  [
    'answer one empty page after another',
    async ({ forward }) => ({
      ...withLink(await forward(), `<http://org/api/v1/users?after=${(cursor += 1)}&limit=200>; rel="next"`),
      text: '[]',
    }),
  ],
  [
    'answer a web page',
    () => ({ status: 200, headers: { 'content-type': 'text/html' }, text: '<html></html>' }),
  ],
];

let cursor = 0;

function withLink(response: Awaited<ReturnType<Listing['forward']>>, link: string | undefined) {
  const { link: _, ...headers } = response.headers ?? {};
  return { ...response, headers: link === undefined ? headers : { ...headers, link } };
}

function intercept(fault: (typeof FAULTS)[number][1]): Interceptor {
  return (request) => {
    const { method, path, query } = request;
    const isListing = method === 'GET' && path === '/api/v1/users' && !query.has('search') && !query.has('q');
    return isListing ? fault(request, !query.has('after')) : undefined;
  };
}

describe.each(FAULTS)('an org whose listings of users %s', (_, fault) => {
  it('is planned and imported into through the page like any other', async () => {
    const scene = await runScene(people(COUNT), { seed: { users }, intercept: intercept(fault) });

    const plan = await scene.plan({ ifExists: 'update' });
    expect(plan).toMatchObject({ status: 'ready', counts: { 'would-update': COUNT } });

    const run = await scene.importAll({ ifExists: 'update' });
    expect(run).toMatchObject({ counts: { updated: COUNT } });
    expect(scene.okta.users()).toHaveLength(COUNT);
  });

  it('is checked and imported into through the library like any other', async () => {
    const okta = await startSandbox({ rateLimits: false, seed: { users } });
    onTestFinished(() => okta.close());
    const org = await interceptedOrg(okta, intercept(fault));
    const at = workplace();
    const client = createOktaClient({ orgUrl: org.url, apiToken: okta.token, giveUpAfterMs: 2_000 });
    onTestFinished(() => client.close());
    const options = { client, ifExists: 'update', expectedRows: COUNT } as const;
    const file = { csv: join(at.folder, at.file('people.csv', people(COUNT))) };

    const planned: string[] = [];
    for await (const { status } of validateUsers(file, options)) planned.push(status);
    expect(planned.filter((status) => status === 'would-update')).toHaveLength(COUNT);

    const done: string[] = [];
    for await (const { status } of importUsers(file, options)) done.push(status);
    expect(done.filter((status) => status === 'updated')).toHaveLength(COUNT);
    expect(okta.users()).toHaveLength(COUNT);
  });
});
