import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { Secret } from '../../src/secret.js';
import { SettingsError } from '../../src/settings/error.js';
import { inspectOrg, loadOrg, type OrgConnection, type OrgFlags } from '../../src/settings/load.js';
import type { Environment } from '../../src/settings/layers.js';

const NEEDS = { required: ['okta.users.read'], optional: ['okta.groups.read'] };
const TOKEN = 'not-a-real-token';

/** A machine with these files; `~` is the home folder. */
function machine(files: Readonly<Record<string, string>> = {}, mode = 0o600): Environment {
  const root = mkdtempSync(join(tmpdir(), 'okta-settings-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const home = join(root, 'home');
  const work = join(root, 'work');
  mkdirSync(work);
  for (const [name, text] of Object.entries(files)) {
    const path = name.startsWith('~/') ? join(home, name.slice(2)) : join(work, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  }
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(work);
  onTestFinished(() => cwd.mockRestore());
  return { HOME: home };
}

async function load(env: Environment, flags: OrgFlags = {}): Promise<OrgConnection> {
  const org = await loadOrg(flags, env, NEEDS);
  if (org.kind !== 'org') throw new Error('This is a sandbox.');
  return org;
}

async function problemOf(env: Environment, flags: OrgFlags = {}): Promise<SettingsError> {
  try {
    await load(env, flags);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('The settings were accepted.');
}

const yaml = (client: Readonly<Record<string, unknown>>): string => JSON.stringify({ okta: { client } });

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

describe('the credentials', () => {
  const url = { OKTA_CLIENT_ORGURL: 'https://acme.okta.com' };
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const app = { ...url, OKTA_CLIENT_CLIENTID: '0oa1', OKTA_CLIENT_PRIVATEKEY: pem };

  it.each<[string, Environment, object]>([
    ['an API token', { OKTA_CLIENT_TOKEN: TOKEN }, { mode: 'SSWS', tokenFrom: 'OKTA_CLIENT_TOKEN' }],
    ["Terraform's API token", { OKTA_API_TOKEN: TOKEN }, { mode: 'SSWS', tokenFrom: 'OKTA_API_TOKEN' }],
    [
      'an access token',
      { OKTA_CLIENT_AUTHORIZATIONMODE: 'Bearer', OKTA_CLIENT_TOKEN: TOKEN },
      { mode: 'Bearer' },
    ],
    [
      "Terraform's access token",
      { OKTA_ACCESS_TOKEN: TOKEN },
      { mode: 'Bearer', tokenFrom: 'OKTA_ACCESS_TOKEN' },
    ],
    [
      'a key',
      app,
      { mode: 'PrivateKey', clientId: '0oa1', algorithm: 'ES256', keyId: undefined, scopes: NEEDS },
    ],
    ['the mode in any case', { ...app, OKTA_CLIENT_AUTHORIZATIONMODE: 'privatekey' }, { mode: 'PrivateKey' }],
    [
      "Terraform's key, on one line",
      {
        OKTA_API_CLIENT_ID: '0oa2',
        OKTA_API_PRIVATE_KEY: pem.trim().replaceAll('\n', '\\n'),
        OKTA_API_PRIVATE_KEY_ID: 'kid2',
        OKTA_API_SCOPES: 'okta.users.manage,okta.apps.read',
      },
      {
        mode: 'PrivateKey',
        clientId: '0oa2',
        keyId: 'kid2',
        scopes: { required: ['okta.users.manage'], optional: [] },
      },
    ],
    ["the Go SDK's key ID", { ...app, OKTA_CLIENT_PRIVATEKEYID: 'go' }, { keyId: 'go' }],
    [
      'scopes in the settings, of which the command requests its own',
      { ...app, OKTA_CLIENT_SCOPES: 'okta.users.read okta.groups.manage okta.logs.read' },
      { scopes: { required: ['okta.users.read'], optional: ['okta.groups.manage'] } },
    ],
  ])('%s', async (_, env, signIn) => {
    expect(await load({ ...machine(), ...url, ...env })).toMatchObject({ signIn });
  });

  it('a key as a JWK, in a variable or as YAML, with its own ID', async () => {
    const jwk = {
      ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
      kid: 'k',
    };
    const expected = { signIn: { mode: 'PrivateKey', algorithm: 'RS256', keyId: 'k' } };
    const env = { ...app, OKTA_CLIENT_PRIVATEKEY: JSON.stringify(jwk) };

    expect(await load({ ...machine(), ...env })).toMatchObject(expected);
    const file = yaml({
      orgUrl: 'https://acme.okta.com',
      clientId: '0oa1',
      privateKey: jwk,
      scopes: ['okta.users.read'],
    });
    expect(await load(machine({ 'okta.yaml': file }))).toMatchObject(expected);
  });

  it('a key or a token in its own file, with a warning when others can access it', async () => {
    const files = { 'key.pem': pem, 'token.txt': `${TOKEN}\n` };
    const key = { ...app, OKTA_CLIENT_PRIVATEKEY: 'key.pem' };
    const token = { ...url, OKTA_CLIENT_TOKENFILE: 'token.txt' };

    expect(await load({ ...machine(files), ...key })).toMatchObject({ warnings: [] });
    expect(await load({ ...machine(files), ...token })).toMatchObject({
      warnings: [],
      signIn: { mode: 'SSWS' },
    });
    expect((await load({ ...machine(files, 0o644), ...key })).warnings).toEqual([
      'key.pem contains a secret, but everyone on this machine can access it. Run: chmod 600 key.pem',
    ]);
    expect((await load({ ...machine(files, 0o640), ...token })).warnings).toEqual([
      'token.txt contains a secret, but its group can access it. Run: chmod 600 token.txt',
    ]);
    expect((await load({ ...machine(files, 0o644), ...token }, { quiet: true })).warnings).toEqual([]);
  });

  it('an environment file with only the path of a key causes no warning', async () => {
    const files = { 'key.pem': pem, 'app.env': 'OKTA_CLIENT_PRIVATEKEY=key.pem\n' };
    const { OKTA_CLIENT_PRIVATEKEY: _, ...rest } = app;
    const warnings = [expect.stringContaining('key.pem contains a secret')];
    const open = { ...machine(files, 0o644), ...rest };
    expect((await load(open, { envFile: 'app.env' })).warnings).toEqual(warnings);
  });

  it('are those of the stronger layer if two are set, with a warning', async () => {
    const env = { ...machine({ 'okta.yaml': yaml({ token: TOKEN }) }), ...app };
    const { signIn, warnings } = await load(env);

    expect(signIn.mode).toBe('PrivateKey');
    expect(warnings).toEqual([
      expect.stringContaining('OKTA_CLIENT_AUTHORIZATIONMODE to PrivateKey or SSWS'),
    ]);
    expect(await load({ ...env, OKTA_CLIENT_AUTHORIZATIONMODE: 'SSWS' })).toMatchObject({
      signIn: { mode: 'SSWS' },
      warnings: [],
    });
  });

  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const edwards = generateKeyPairSync('ed25519').privateKey;
  it.each<[string, Environment, string]>([
    ['no token', {}, 'Set OKTA_CLIENT_TOKEN'],
    ['an unknown mode', { OKTA_CLIENT_AUTHORIZATIONMODE: 'Basic' }, 'must be SSWS, PrivateKey or Bearer'],
    ['a token with a line break', { OKTA_CLIENT_TOKEN: 'a\nb' }, 'characters that no token has'],
    [
      'an access token instead of an API token',
      { OKTA_CLIENT_TOKEN: 'eyJa.b.c' },
      'AUTHORIZATIONMODE=Bearer',
    ],
    ['a key without its app', { OKTA_CLIENT_PRIVATEKEY: pem }, 'Set OKTA_CLIENT_CLIENTID'],
    ['an app without its key', { OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey' }, 'Set OKTA_CLIENT_PRIVATEKEY'],
    [
      'a key file that does not exist',
      { ...app, OKTA_CLIENT_PRIVATEKEY: 'no.pem' },
      'names the file no.pem, which cannot be read (ENOENT)',
    ],
    [
      'a public key',
      { ...app, OKTA_CLIENT_PRIVATEKEY: publicKey.export({ type: 'spki', format: 'pem' }) as string },
      'is a public key',
    ],
    [
      'a public JWK',
      { ...app, OKTA_CLIENT_PRIVATEKEY: JSON.stringify(publicKey.export({ format: 'jwk' })) },
      'is a public key',
    ],
    ['half a key', { ...app, OKTA_CLIENT_PRIVATEKEY: pem.slice(0, 80) }, 'not a readable private key'],
    [
      'a key without its first line',
      { ...app, OKTA_CLIENT_PRIVATEKEY: pem.replaceAll(/-----.*-----|\n/g, '') },
      'neither a key',
    ],
    ['half a JWK', { ...app, OKTA_CLIENT_PRIVATEKEY: '{"kty":"RSA","d":"sensitive' }, 'is not valid JSON'],
    [
      'a short key',
      { ...app, OKTA_CLIENT_PRIVATEKEY: small.export({ type: 'pkcs8', format: 'pem' }) as string },
      '1024 bits',
    ],
    [
      'a key of another kind',
      { ...app, OKTA_CLIENT_PRIVATEKEY: edwards.export({ type: 'pkcs8', format: 'pem' }) as string },
      'ed25519',
    ],
    [
      'a key with a passphrase',
      {
        ...app,
        OKTA_CLIENT_PRIVATEKEY: locked.export({
          type: 'pkcs8',
          format: 'pem',
          cipher: 'aes-256-cbc',
          passphrase: 'x',
        }) as string,
      },
      'encrypted with a passphrase',
    ],
    [
      'scopes without a required one',
      { ...app, OKTA_CLIENT_SCOPES: 'okta.groups.read' },
      'OKTA_CLIENT_SCOPES does not include okta.users.read',
    ],
  ])('%s is rejected without quoting a secret', async (_, env, message) => {
    const error = await problemOf({ ...machine(), ...url, ...env });

    expect(error.message).toContain(message);
    expect(error).toMatchObject({ code: 'ERR_SETTINGS', exitCode: 2 });
    const shown = inspect(error, { depth: 9 });
    const secrets = [env['OKTA_CLIENT_TOKEN'] ?? 'sensitive', 'sensitive', pem.split('\n')[1] ?? ''];
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  });

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

describe('okta.yaml', () => {
  const token = `    token: ${TOKEN}\n`;
  it.each<[string, string, string]>([
    [
      'broken YAML',
      `okta:\n  client:\n    token: ${TOKEN}: x: y\n`,
      './okta.yaml, line 3: Nested mappings are not allowed in compact mappings.',
    ],
    ['a key twice', `okta:\n  client:\n${token}${token}`, './okta.yaml, line 4: '],
    ['a value instead of keys', 'okta:\n  client: yes\n', './okta.yaml, line 2: client takes keys'],
  ])('%s is rejected with its line, without its values', async (_, text, message) => {
    const error = await problemOf(machine({ 'okta.yaml': text }));
    expect(error.message).toContain(message);
    expect(inspect(error)).not.toContain(TOKEN);
  });

  it.each<[string, string, string]>([
    [
      'an unknown key',
      `okta:\n  client:\n    orgurl: x\n${token}`,
      './okta.yaml, line 3: unknown setting okta.client.orgurl. Did you mean "orgUrl"?',
    ],
    [
      'another top-level key',
      `client:\n${token}`,
      './okta.yaml does not begin with "okta:", so nothing in it was used.',
    ],
  ])('%s causes a warning', async (_, text, warning) => {
    const env = { ...machine({ 'okta.yaml': text }), OKTA_ORG_NAME: 'acme', OKTA_API_TOKEN: TOKEN };
    expect((await load(env)).warnings).toEqual([warning]);
  });

  it('may contain keys of other programs, and a token that looks like a number', async () => {
    const text = `okta:\n  client:\n    orgUrl: https://acme.okta.com\n    token: 00123\n    requestTimeout: 0\n    rateLimit: { maxRetries: 4 }\n    proxy: { host: null }\n`;
    const { signIn, warnings } = await load(machine({ 'okta.yaml': text }));

    expect(warnings).toEqual([]);
    expect(signIn.mode === 'SSWS' && signIn.token.reveal()).toBe('00123');
  });

  it('causes a warning when it contains a secret that others can access, and only then', async () => {
    const secret = machine({ 'okta.yaml': `okta:\n  client:\n${token}` }, 0o644);
    expect((await load({ ...secret, OKTA_ORG_NAME: 'acme' })).warnings).toEqual([
      './okta.yaml contains a secret, but everyone on this machine can access it. Run: chmod 600 ./okta.yaml',
    ]);
    const plain = machine({ 'okta.yaml': yaml({ orgUrl: 'https://acme.okta.com' }) }, 0o644);
    expect((await load({ ...plain, OKTA_API_TOKEN: TOKEN })).warnings).toEqual([]);
  });
});

it('a secret is never printed', () => {
  const secret = new Secret(TOKEN);
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    secret + '',
    JSON.stringify(Object.entries(secret)),
  ];

  expect(shown.join('\n')).not.toContain(TOKEN);
  expect(secret.reveal()).toBe(TOKEN);
});
