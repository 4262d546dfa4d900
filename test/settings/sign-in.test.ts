import { generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';
import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import type { Environment } from '../../src/settings/layers.js';

import { load, machine, NEEDS, problemOf, TOKEN, yaml } from './machine.js';

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
    [
      'a scope that is requested only if the settings name it',
      { ...app, OKTA_CLIENT_SCOPES: 'okta.users.read okta.realms.read' },
      { scopes: { required: ['okta.users.read'], optional: ['okta.realms.read'] } },
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
    const openKey = await load({ ...machine(files, 0o644), ...key });
    const keyPath = resolve('key.pem');
    expect(openKey.warnings).toEqual([
      `${keyPath} contains a secret, but everyone on this machine can access it. Run: chmod 600 ${keyPath}`,
    ]);
    const openToken = await load({ ...machine(files, 0o640), ...token });
    const tokenPath = resolve('token.txt');
    expect(openToken.warnings).toEqual([
      `${tokenPath} contains a secret, but its group can access it. Run: chmod 600 ${tokenPath}`,
    ]);
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
});
