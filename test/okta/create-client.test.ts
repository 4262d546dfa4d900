import { expect, it, onTestFinished } from 'vitest';

import { createOktaClient } from '../../src/okta/create-client.js';
import { startSandbox } from '../../src/sandbox/server.js';

it('connects with nothing but the org URL and a token', async () => {
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
  ['an invalid URL', { orgUrl: 'acme', apiToken: 'x' }, 'orgUrl is not a URL'],
  ['an http URL', { orgUrl: 'http://acme.okta.com', apiToken: 'x' }, 'orgUrl must begin with https:'],
])('rejects %s', (_, settings, message) => {
  expect(() => createOktaClient(settings)).toThrow(message);
});
