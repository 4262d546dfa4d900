import { generateKeyPairSync } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { workplace, type Workplace } from '../helpers/workplace.js';

import { Transcript } from './transcript.js';

type Env = Readonly<Record<string, string>>;

const ORG_URL = { OKTA_CLIENT_ORGURL: 'https://acme.okta.com' };
const TOKEN = { OKTA_CLIENT_TOKEN: 'not-a-real-token' };
const GOOD = { ...ORG_URL, ...TOKEN };
const APP = { ...ORG_URL, OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey', OKTA_CLIENT_CLIENTID: '0oaExample' };

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const edwards = generateKeyPairSync('ed25519').privateKey;
const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;

const REFUSED: readonly (readonly [what: string, env: Env, ...args: string[]])[] = [
  ['nothing is set', {}],
  ['no token', ORG_URL],
  ['no URL', TOKEN],
  ['a placeholder as URL', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://{yourOktaDomain}' }],
  ['no URL at all', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://' }],
  ['the Admin Console', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://acme-admin.okta.com/admin/users' }],
  ['http', { ...TOKEN, OKTA_CLIENT_ORGURL: 'http://acme.okta.com' }],
  ['a user name in the URL', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://ada:x@acme.okta.com' }],
  ["Okta's website", { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://www.okta.com' }],
  ['a name only', { ...TOKEN, OKTA_CLIENT_ORGURL: 'acme' }],
  ['another host', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://login.example.com' }],
  ['a host that resembles one of Okta', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://acme.okta.example' }],
  ['a typo in the host', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://acme.otka.com' }],
  ['--org-url', TOKEN, '--org-url=http://acme.okta.com'],
  ['an unknown mode', { ...GOOD, OKTA_CLIENT_AUTHORIZATIONMODE: 'Basic' }],
  ['a token with a space', { ...ORG_URL, OKTA_CLIENT_TOKEN: 'a b' }],
  ['an access token as API token', { ...ORG_URL, OKTA_CLIENT_TOKEN: 'eyJa.b.c' }],
  ['no access token', { ...ORG_URL, OKTA_CLIENT_AUTHORIZATIONMODE: 'Bearer' }],
  ['an app without its key', APP],
  ['a key without its app', { ...ORG_URL, OKTA_CLIENT_PRIVATEKEY: String(pem) }],
  ['a key file that does not exist', { ...APP, OKTA_CLIENT_PRIVATEKEY: 'no.pem' }],
  [
    'neither a key nor a file',
    { ...APP, OKTA_CLIENT_PRIVATEKEY: String(pem).replaceAll(/-----.*-----|\n/g, '') },
  ],
  [
    'a public key',
    { ...APP, OKTA_CLIENT_PRIVATEKEY: String(publicKey.export({ type: 'spki', format: 'pem' })) },
  ],
  ['an incomplete key', { ...APP, OKTA_CLIENT_PRIVATEKEY: String(pem).slice(0, 80) }],
  ['an incomplete JWK', { ...APP, OKTA_CLIENT_PRIVATEKEY: '{"kty":"RSA"' }],
  [
    'a key that is too short',
    { ...APP, OKTA_CLIENT_PRIVATEKEY: String(small.export({ type: 'pkcs8', format: 'pem' })) },
  ],
  [
    'an unsupported kind of key',
    { ...APP, OKTA_CLIENT_PRIVATEKEY: String(edwards.export({ type: 'pkcs8', format: 'pem' })) },
  ],
  ['a key with a passphrase', { ...APP, OKTA_CLIENT_PRIVATEKEY: String(ec.export(locked)) }],
  [
    'scopes without a required one',
    { ...APP, OKTA_CLIENT_PRIVATEKEY: String(pem), OKTA_CLIENT_SCOPES: 'okta.groups.read' },
  ],
  ['a token file that does not exist', { ...ORG_URL, OKTA_CLIENT_TOKENFILE: 'none' }],
  ['an environment file that does not exist', GOOD, '--env-file=none.env'],
  ['a certificate file that does not exist', GOOD, '--ca=none.pem'],
  ['a certificate file without certificates', GOOD, '--ca=people.csv'],
  ['a certificate file with a broken one', GOOD, '--ca=broken.pem'],
  ['verification turned off', { ...GOOD, NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ['a proxy that is not a URL', { ...GOOD, HTTPS_PROXY: 'http://mole:x#y@proxy.example.com:3128' }],
  ['a proxy with a broken name', { ...GOOD, HTTPS_PROXY: 'http://mole:x%@proxy.example.com' }],
  ['a proxy of another kind', { ...GOOD, HTTPS_PROXY: 'socks5://proxy.example.com' }],
  ['an invalid proxy host', { ...GOOD, OKTA_CLIENT_PROXY_HOST: 'a b', OKTA_CLIENT_PROXY_PORT: '1' }],
  ['an invalid proxy host, without a port', { ...GOOD, OKTA_CLIENT_PROXY_HOST: 'a b' }],
];

const YAML: readonly (readonly [what: string, yaml: string, env: Env])[] = [
  ['broken YAML', 'okta:\n  client:\n    token: a: b: c\n', {}],
  ['a duplicate key', 'okta:\n  client:\n    orgUrl: x\n    orgUrl: x\n', {}],
  ['a value instead of keys', 'okta:\n  client: yes\n', {}],
  ['another top-level key', 'client:\n  orgUrl: x\n', GOOD],
  ['an unknown key', 'okta:\n  client:\n    orgurl: https://acme.okta.com\n', GOOD],
  ['an unknown key without a suggestion', 'okta:\n  client:\n    frobnicate: 1\n', GOOD],
];

const WARNINGS: readonly (readonly [what: string, env: Env, ...args: string[]])[] = [
  [
    'two sign-in methods',
    { ...APP, OKTA_CLIENT_AUTHORIZATIONMODE: '', ...TOKEN, OKTA_CLIENT_PRIVATEKEY: String(pem) },
  ],
  ['a URL without https', { ...TOKEN, OKTA_CLIENT_ORGURL: 'acme.okta.com' }],
  ['a URL with a path', { ...TOKEN, OKTA_CLIENT_ORGURL: 'https://acme.okta.com/api/v1' }],
  ['an environment file that others can read', {}, '--env-file=open.env'],
];

it('missing and invalid settings', async () => {
  const transcript = new Transcript();
  /** Nothing is sent: the proxy does not exist. */
  const nowhere = { HTTPS_PROXY: 'http://127.0.0.1:9' };

  const patience = '--give-up-after=0';

  transcript.section('Settings');
  for (const [what, env, ...args] of REFUSED) {
    await transcript.command(what, ['get', 'me', ...args], { at: place(), env });
  }
  transcript.section('okta.yaml');
  for (const [what, yaml, env] of YAML) {
    const at = place();
    at.file('okta.yaml', yaml);
    chmodSync(join(at.folder, 'okta.yaml'), 0o600);
    await transcript.command(what, ['get', 'me', patience], { at, env: { ...env, ...nowhere } });
  }
  const planted = place();
  planted.file(
    'okta.yaml',
    'okta:\n  client:\n    orgUrl: https://login.acme.example\n    customDomain: true\n',
  );
  await transcript.command('another host for the token of the environment', ['get', 'me', patience], {
    at: planted,
    env: { OKTA_CLIENT_TOKEN: 'not-a-real-token', ...nowhere },
  });
  const at = place();
  at.file('okta.yaml', 'okta:\n  client:\n    orgUrl: https://acme.okta.com\n    token: not-a-real-token\n');
  chmodSync(join(at.folder, 'okta.yaml'), 0o644);
  await transcript.command('a secret that others can read', ['get', 'me', patience], { at, env: nowhere });
  transcript.section('Warnings');
  for (const [what, env, ...args] of WARNINGS) {
    const options = { at: place(), env: { ...env, ...nowhere } };
    await transcript.command(what, ['get', 'me', patience, ...args], options);
  }

  await expect(transcript.text).toMatchFileSnapshot('snapshots/settings.txt');
});

/** A folder with the files that the settings name. */
function place(): Workplace {
  const at = workplace();
  at.file('people.csv', 'login,email,firstName,lastName\n');
  at.file('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  at.file('open.env', 'OKTA_CLIENT_ORGURL=https://acme.okta.com\nOKTA_CLIENT_TOKEN=not-a-real-token\n');
  chmodSync(join(at.folder, 'open.env'), 0o644);
  return at;
}
