import { expect, it, onTestFinished } from 'vitest';

import { createOktaClient } from '../../src/okta/create-client.js';
import { startSandbox } from '../../src/sandbox/server.js';

it('reaches an org with its address and a token alone', async () => {
  const okta = await startSandbox();
  const client = createOktaClient({ orgUrl: `${okta.url}/`, apiToken: okta.token });
  onTestFinished(async () => {
    await client.close();
    await okta.close();
  });

  await expect(client.getUser('me')).resolves.toMatchObject({ status: 'ACTIVE' });
  expect(client.orgUrl).toBe(okta.url);
});

it.each([
  ['no token', { orgUrl: 'https://acme.okta.com' }, 'apiToken is missing'],
  ['an address that is none', { orgUrl: 'acme', apiToken: 'x' }, 'orgUrl is no URL'],
  ['an address in the clear', { orgUrl: 'http://acme.okta.com', apiToken: 'x' }, 'orgUrl begins with https:'],
])('refuses %s', (_, settings, words) => {
  expect(() => createOktaClient(settings)).toThrow(new RegExp(words));
});
