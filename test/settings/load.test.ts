import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import type { Environment } from '../../src/settings/layers.js';
import { inspectOrg, type OrgFlags } from '../../src/settings/load.js';

import { load, machine, NEEDS, problemOf, TOKEN, yaml } from './machine.js';

describe('the order of the layers', () => {
  const everywhere = {
    'prod.env': 'OKTA_CLIENT_ORGURL=https://envfile.okta.com\n',
    'okta.yaml': yaml({ orgUrl: 'https://project.okta.com' }),
    '~/.okta/okta.yaml': yaml({ orgUrl: 'https://home.okta.com', token: TOKEN }),
  };
  it.each<[string, Environment, OrgFlags, readonly string[], string]>([
    [
      'a flag',
      { OKTA_CLIENT_ORGURL: 'https://env.okta.com' },
      { orgUrl: 'https://flag.okta.com', envFile: 'prod.env' },
      [],
      'https://flag.okta.com',
    ],
    [
      'the environment',
      { OKTA_CLIENT_ORGURL: 'https://env.okta.com' },
      { envFile: 'prod.env' },
      [],
      'https://env.okta.com',
    ],
    ['an environment file', {}, { envFile: 'prod.env' }, [], 'https://envfile.okta.com'],
    ['./okta.yaml', {}, {}, [], 'https://project.okta.com'],
    ['~/.okta/okta.yaml', {}, {}, ['okta.yaml'], 'https://home.okta.com'],
    ['an empty variable counts as not set', { OKTA_CLIENT_ORGURL: ' ' }, {}, [], 'https://project.okta.com'],
    [
      "the SDKs' name before Terraform's",
      { OKTA_CLIENT_ORGURL: 'https://env.okta.com', OKTA_ORG_NAME: 'tf' },
      {},
      [],
      'https://env.okta.com',
    ],
    ["Terraform's before a file", { OKTA_ORG_NAME: 'tf' }, {}, [], 'https://tf.okta.com'],
    [
      "Terraform's two halves",
      { OKTA_ORG_NAME: 'tf', OKTA_BASE_URL: 'oktapreview.com' },
      {},
      [],
      'https://tf.oktapreview.com',
    ],
  ])('%s', async (_, env, flags, without, orgUrl) => {
    const files = Object.fromEntries(Object.entries(everywhere).filter(([name]) => !without.includes(name)));
    const connection = await load({ ...machine(files), ...env }, flags);

    expect(connection).toMatchObject({ orgUrl, signIn: { mode: 'SSWS' }, warnings: [] });
  });

  it('an environment file is only read when it is named', async () => {
    const error = await problemOf(machine({ '.env': `OKTA_CLIENT_TOKEN=${TOKEN}\n` }));
    expect(error.message).toContain('The API token is missing');
  });

  it('an environment file that does not exist is an error', async () => {
    expect((await problemOf(machine(), { envFile: 'no.env' })).message).toBe(
      '--env-file no.env cannot be read (ENOENT).',
    );
  });

  it('each setting is reported with its source, and secrets are not shown', async () => {
    const env = {
      ...machine({ '~/.okta/okta.yaml': `okta:\n  client:\n    token: ${TOKEN}\n` }),
      OKTA_ORG_NAME: 'acme',
    };
    const { settings, org } = await inspectOrg({}, env, NEEDS);

    expect(settings).toEqual([
      { name: 'orgUrl', value: 'https://acme.okta.com', from: 'OKTA_ORG_NAME and OKTA_BASE_URL' },
      { name: 'token', value: '[secret]', from: 'okta.client.token in ~/.okta/okta.yaml, line 3' },
    ]);
    expect(JSON.stringify({ settings, org }) + inspect(org, { depth: 9 })).not.toContain(TOKEN);
  });
});

describe('invalid settings', () => {
  const admin = { OKTA_CLIENT_ORGURL: 'https://acme-admin.okta.com' };
  it.each<[string, Environment, string]>([
    ['add what is missing', {}, 'Add the missing settings.'],
    ['correct what is invalid', { ...admin, OKTA_CLIENT_TOKEN: TOKEN }, 'Correct the invalid setting.'],
    [
      'correct a certificate file that does not exist',
      { OKTA_CLIENT_ORGURL: 'https://acme.okta.com', OKTA_CLIENT_TOKEN: TOKEN, SSL_CERT_FILE: 'none.pem' },
      'Correct the invalid setting.',
    ],
    ['do both', admin, 'Add the missing setting. Correct the invalid setting.'],
  ])('the hint says to %s', async (_, env, hint) => {
    expect((await problemOf({ ...machine(), ...env })).hint).toBe(hint);

    // Only commands with the flag can offer it.
    const error = await problemOf({ ...machine(), ...env }, { sandbox: false });
    expect(error.hint).toBe(`${hint} To try the program without an org, add --sandbox.`);
  });

  it('all problems are reported at once', async () => {
    const { message } = await problemOf({
      ...machine(),
      OKTA_CLIENT_ORGURL: 'http://acme.okta.com',
      OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
      OKTA_CLIENT_SCOPES: 'okta.logs.read',
    });
    expect(message.split('\n')).toHaveLength(4);
  });
});
