import { expect, it } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { testOrg, type TestOrg } from './org.js';

const DAY_MS = 86_400_000;
const PASSWORD = { password: { value: 'Tr0ub4dor' } };

interface StagedOrg extends TestOrg {
  /** Runs a lifecycle operation on ada@example.com. */
  lifecycle(operation: string): ReturnType<TestOrg['request']>;
  /** The link in the response of a lifecycle operation. */
  linkFrom(operation: string): Promise<string>;
}

async function stagedOrg(options: SandboxOptions = {}, rest: object = {}): Promise<StagedOrg> {
  const org = await testOrg(options);
  const { body } = await org.create({}, rest, '?activate=false');
  const lifecycle: StagedOrg['lifecycle'] = (operation) =>
    org.request('POST', `/api/v1/users/${body.id}/lifecycle/${operation}`);
  return {
    ...org,
    lifecycle,
    async linkFrom(operation) {
      const { body: response } = await lifecycle(operation);
      return (response as { activationUrl: string }).activationUrl;
    },
  };
}

it('an activation link can be looked at many times and used once', async () => {
  const org = await stagedOrg();
  const link = await org.linkFrom('activate?sendEmail=false');

  const statuses = [];
  for (const method of ['GET', 'GET', 'POST', 'GET', 'POST', 'DELETE']) {
    statuses.push((await fetch(link, { method })).status);
  }

  expect(statuses).toEqual([200, 200, 200, 410, 410, 405]);
  expect(org.okta.findUser('ada@example.com')).toMatchObject({
    status: 'ACTIVE',
    credentials: { password: {} },
  });
});

it('a link ends when a newer one is issued, or is sent by email', async () => {
  const org = await stagedOrg();
  const first = await org.linkFrom('activate?sendEmail=false');
  const second = await org.linkFrom('reactivate?sendEmail=false');

  expect([(await fetch(first)).status, (await fetch(second)).status]).toEqual([410, 200]);
  await org.lifecycle('reactivate?sendEmail=true');
  expect((await fetch(second)).status).toBe(410);
  expect(org.okta.ledger.links.map(({ login }) => login)).toEqual(['ada@example.com', 'ada@example.com']);
});

it.each([
  ['after seven days', {}, 7 * DAY_MS],
  ['after the time that the org sets', { activationLinkMs: 60_000 }, 60_000],
])('a link expires %s', async (_title, orgOptions, lifetimeMs) => {
  let laterMs = 0;
  const org = await stagedOrg({ orgOptions, now: () => Date.now() + laterMs });
  const link = await org.linkFrom('activate?sendEmail=false');

  laterMs = lifetimeMs - 10_000;
  expect((await fetch(link)).status).toBe(200);
  laterMs = lifetimeMs;
  expect((await fetch(link)).status).toBe(410);
  expect((await fetch(await org.linkFrom('reactivate?sendEmail=false'))).status).toBe(200);
});

it('a link cannot be used when its user has been deactivated', async () => {
  const org = await stagedOrg();
  const link = await org.linkFrom('activate?sendEmail=false');
  await org.lifecycle('deactivate');

  expect((await fetch(link, { method: 'POST' })).status).toBe(410);
});

it.each<[string, object, string, readonly string[], readonly string[]]>([
  ['a user without a password', {}, '?activate=true', [], ['activation']],
  ['a staged user', {}, '?activate=false', [], []],
  ['a staged user who is activated', {}, '?activate=false', ['activate'], ['activation']],
  ['a user who is activated without email', {}, '?activate=false', ['activate?sendEmail=false'], []],
  ['a user with a password', { credentials: PASSWORD }, '?activate=true', [], []],
  ['a staged user with a password', { credentials: PASSWORD }, '?activate=false', ['activate'], []],
  [
    'a federated user',
    { credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } } },
    '?provider=true',
    [],
    [],
  ],
  ['reactivation', {}, '', ['reactivate?sendEmail=true'], ['activation', 'reactivation']],
  ['reactivation, by default', {}, '', ['reactivate'], ['activation']],
  ['reactivation of an active user', { credentials: PASSWORD }, '', ['reactivate?sendEmail=true'], []],
  [
    'a reset password, twice asked for',
    { credentials: PASSWORD },
    '',
    ['reset_password', 'reactivate?sendEmail=true'],
    ['password-reset', 'reactivation'],
  ],
])('the ledger counts the emails for %s', async (_title, rest, query, operations, mails) => {
  const org = await testOrg();
  const { body } = await org.create({}, rest, query);
  for (const operation of operations) {
    await org.request('POST', `/api/v1/users/${body.id}/lifecycle/${operation}`);
  }

  const { ledger } = org.okta;
  expect(ledger.mails.map(({ kind }) => kind)).toEqual(mails);
  expect(ledger.mailsTo('ADA@example.com')).toBe(mails.length);
  expect(ledger.mailsTo('ada@example.com', 'reactivation')).toBe(
    mails.filter((kind) => kind === 'reactivation').length,
  );
});

it('the org says its name and its logo', async () => {
  const logoUrl = 'https://example.com/logo.png';
  const org = await testOrg({ orgOptions: { companyName: 'Example Ltd', logoUrl } });

  expect((await org.request('GET', '/api/v1/org')).body).toMatchObject({ companyName: 'Example Ltd' });
  const [brand] = (await org.request<{ id: string }[]>('GET', '/api/v1/brands')).body;
  expect((await org.request('GET', `/api/v1/brands/${brand?.id}/themes`)).body).toMatchObject([
    { logo: logoUrl },
  ]);
  expect(await org.request('GET', '/api/v1/brands/bnd0/themes')).toMatchObject({ status: 404 });
});
