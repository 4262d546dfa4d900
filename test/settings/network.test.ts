import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';

import { beforeAll, describe, expect, it } from 'vitest';

import { systemCertificates } from '../../src/settings/certificates.js';
import { bypassesProxy, loadNetwork } from '../../src/settings/network.js';
import { readSettingLayers } from '../../src/settings/layers.js';
import { SettingChecks } from '../../src/settings/setting-checks.js';
import { createAuthority, type Authority } from '../helpers/authority.js';
import { workplace } from '../helpers/workplace.js';

const ORG = 'https://acme.okta.com';

let authority: Authority;
let other: Authority;
beforeAll(async () => {
  [authority, other] = await Promise.all([createAuthority(), createAuthority('Other Root')]);
});

interface Given {
  readonly env?: Record<string, string>;
  readonly ca?: string;
  readonly orgUrl?: string;
  /** Content of okta.yaml. */
  readonly yaml?: string;
}

async function load({ env = {}, ca, orgUrl = ORG, yaml }: Given) {
  const { folder } = workplace();
  if (yaml !== undefined) writeFileSync(join(folder, 'okta.yaml'), yaml);
  const layers = await readSettingLayers({ ca }, env, { folder, home: folder });
  const checks = new SettingChecks(layers.warnings);
  const network = loadNetwork(orgUrl, layers, checks);
  return { network, problems: checks.problems, warnings: checks.warnings };
}

describe('the proxy', () => {
  it.each<[env: Record<string, string>, origin: string, pair: string | undefined]>([
    [{ HTTPS_PROXY: 'http://proxy.example.com:3128' }, 'http://proxy.example.com:3128', undefined],
    [{ https_proxy: 'proxy.example.com:3128' }, 'http://proxy.example.com:3128', undefined],
    [{ HTTPS_PROXY: 'https://proxy.example.com/' }, 'https://proxy.example.com', undefined],
    [{ HTTPS_PROXY: 'http://u.example', https_proxy: 'http://l.example' }, 'http://l.example', undefined],
    [{ HTTPS_PROXY: ' http://u.example ', https_proxy: '' }, 'http://u.example', undefined],
    [
      { HTTPS_PROXY: 'http://proxyuser:p%40s%3As@proxy.example.com:1' },
      'http://proxy.example.com:1',
      'proxyuser:p@s:s',
    ],
    [
      { HTTPS_PROXY: 'http://proxyuser:gr%C3%BCn@proxy.example.com:1' },
      'http://proxy.example.com:1',
      'proxyuser:grün',
    ],
    [{ HTTPS_PROXY: 'http://proxyuser@proxy.example.com:1' }, 'http://proxy.example.com:1', 'proxyuser:'],
  ])('from %j is %s, with the credentials %s', async (env, origin, pair) => {
    const { network, problems } = await load({ env });

    expect(problems).toEqual([]);
    expect(network.proxy?.origin).toBe(origin);
    const [, base64] = /^Basic (.*)$/.exec(network.proxy?.authorization ?? '') ?? [];
    expect(base64 && Buffer.from(base64, 'base64').toString()).toBe(pair);
  });

  it.each<[env: Record<string, string>]>([
    [{}],
    [{ HTTPS_PROXY: '' }],
    [{ HTTP_PROXY: 'http://proxy.example.com', ALL_PROXY: 'http://proxy.example.com' }],
    [{ HTTPS_PROXY: 'http://proxy.example.com', NO_PROXY: '.okta.com' }],
    [{ HTTPS_PROXY: 'http://proxy.example.com', no_proxy: 'localhost,okta.com' }],
  ])('is not used for %j', async (env) => {
    expect(await load({ env })).toMatchObject({ network: { proxy: undefined }, problems: [] });
  });

  it.each([
    'http://proxyuser:s3cret#x@proxy.example.com:3128',
    'http://proxyuser:12#s3cret@proxy.example.com:3128',
    'http://proxyuser:s3cret/@proxy.example.com',
    'http://proxyuser:s3cret%@proxy.example.com',
    'http://proxyuser:s3cret@proxy example',
    'socks5://proxyuser:s3cret@proxy.example.com',
  ])('%s is rejected without quoting it', async (value) => {
    const { network, problems } = await load({ env: { HTTPS_PROXY: value } });

    expect(network.proxy).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^HTTPS_PROXY /);
    expect(problems[0]).not.toMatch(/s3cret|proxyuser/);
  });

  it.each([
    'http://127.0.0.1:8080',
    'https://localhost:8443',
    'https://org.localhost',
    'https://127.3.2.1',
    'https://[::1]:8443',
  ])('is never used for %s, which is this machine', async (orgUrl) => {
    const { network } = await load({ env: { HTTPS_PROXY: 'http://proxy.example.com' }, orgUrl });

    expect(network.proxy).toBeUndefined();
  });
});

describe('Okta’s own proxy settings', () => {
  const yaml = `okta:
  client:
    proxy:
      host: proxy.example.com
      port: 3128
      username: proxyuser
      password: p@s:s
`;

  it('in okta.yaml take the user name and password unencoded', async () => {
    const { network, problems, warnings } = await load({ yaml });

    expect({ problems, warnings }).toEqual({
      problems: [],
      warnings: [expect.stringContaining('chmod 600')],
    });
    expect(network.proxy).toEqual({
      origin: 'http://proxy.example.com:3128',
      authorization: `Basic ${Buffer.from('proxyuser:p@s:s').toString('base64')}`,
    });
  });

  it.each<[what: string, given: Given, origin: string | undefined]>([
    [
      'the environment is stronger than the file',
      { yaml, env: { HTTPS_PROXY: 'http://e.example' } },
      'http://e.example',
    ],
    [
      'Okta’s name is stronger than the general one',
      { env: { OKTA_CLIENT_PROXY_HOST: 'o.example', HTTPS_PROXY: 'http://e.example' } },
      'http://o.example',
    ],
    [
      'host and port',
      { env: { OKTA_CLIENT_PROXY_HOST: 'https://o.example', OKTA_CLIENT_PROXY_PORT: '8443' } },
      'https://o.example:8443',
    ],
    [
      'httpsProxy, as in the Node SDK',
      { yaml: 'okta: { client: { httpsProxy: "http://y.example:1" } }' },
      'http://y.example:1',
    ],
    [
      'nulls, as in Okta’s example',
      { yaml: 'okta: { client: { proxy: { host: null, port: null } } }' },
      undefined,
    ],
    ['NO_PROXY is stronger than all', { yaml, env: { NO_PROXY: 'okta.com' } }, undefined],
  ])('%s', async (_, given, origin) => {
    const { network, problems } = await load(given);

    expect(problems).toEqual([]);
    expect(network.proxy?.origin).toBe(origin);
  });

  it('with an invalid port are a problem, and an unknown key is a warning', async () => {
    const env = { OKTA_CLIENT_PROXY_HOST: 'o.example', OKTA_CLIENT_PROXY_PORT: 'x' };
    const misspelled = await load({ yaml: 'okta: { client: { proxy: { hots: o.example } } }' });

    expect((await load({ env })).problems).toEqual([
      expect.stringMatching(/^OKTA_CLIENT_PROXY_HOST with OKTA_CLIENT_PROXY_PORT is not a valid proxy/),
    ]);
    expect(misspelled.warnings).toEqual([expect.stringContaining('okta.client.proxy.hots')]);
  });
});

describe('NO_PROXY', () => {
  it.each<[entries: string, url: string, isBypassed: boolean]>([
    ['okta.com', 'https://acme.okta.com', true],
    ['.okta.com', 'https://acme.okta.com', true],
    ['*.okta.com', 'https://acme.okta.com', true],
    ['ACME.Okta.com', 'https://acme.okta.com', true],
    ['acme.okta.com.', 'https://acme.okta.com', true],
    ['a.example, acme.okta.com', 'https://acme.okta.com', true],
    ['a.example acme.okta.com', 'https://acme.okta.com', true],
    ['*', 'https://acme.okta.com', true],
    ['acme.okta.com:443', 'https://acme.okta.com', true],
    ['acme.okta.com:8443', 'https://acme.okta.com', false],
    ['acme.okta.com:8443', 'https://acme.okta.com:8443', true],
    ['10.0.0.7', 'https://10.0.0.7', true],
    ['[2001:db8::7]', 'https://[2001:db8::7]', true],
    ['2001:db8::7', 'https://[2001:db8::7]', true],
    ['kta.com', 'https://acme.okta.com', false],
    ['acme.okta.com.example.com', 'https://acme.okta.com', false],
    ['', 'https://acme.okta.com', false],
    [',, ,', 'https://acme.okta.com', false],
    ['.', 'https://acme.okta.com', false],
    ['okta', 'https://acme.okta.com', false],
  ])('%j with %s bypasses the proxy: %s', (entries, url, isBypassed) => {
    expect(bypassesProxy(new URL(url), entries)).toBe(isBypassed);
  });
});

describe('trusted certificates', () => {
  it('come from --ca, NODE_EXTRA_CA_CERTS and SSL_CERT_FILE together, without duplicates', async () => {
    const { folder } = workplace();
    const one = authority.file(folder);
    const both = join(folder, 'both.pem');
    writeFileSync(both, `# Two of them\n${authority.pem}\n${other.pem}`);
    const { network, problems } = await load({
      env: { NODE_EXTRA_CA_CERTS: one, SSL_CERT_FILE: both },
      ca: one,
    });

    expect(problems).toEqual([]);
    expect(network.ca).toHaveLength(2);
  });

  it('may be in binary form', async () => {
    const { folder } = workplace();
    const ca = join(folder, 'root.cer');
    writeFileSync(ca, authority.der);

    const { network, problems } = await load({ ca });

    expect(problems).toEqual([]);
    expect(network.ca.map(withoutWhitespace)).toContain(withoutWhitespace(authority.pem));
  });

  it.each<[what: string, content: string | undefined, message: RegExp]>([
    ['does not exist', undefined, /^--ca names .*root\.pem, which cannot be read \(ENOENT/],
    ['is empty', '', /which contains no certificate/],
    ['is something else', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n', /which contains no certificate/],
    [
      'is damaged',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /contains an invalid certificate \(number 1 of 1\)/,
    ],
  ])('are a problem when the file %s', async (_, content, message) => {
    const ca = join(workplace().folder, 'root.pem');
    if (content !== undefined) writeFileSync(ca, content);
    const { problems } = await load({ ca });

    expect(problems).toEqual([expect.stringMatching(message)]);
  });

  it.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])(
    'are a problem when %s names a file that does not exist',
    async (name) => {
      const [missing, unset] = await Promise.all(
        ['/no/such/file', ''].map(async (value) => load({ env: { [name]: value } })),
      );

      expect(missing?.problems).toEqual([expect.stringMatching(`^${name} names /no/such/file`)]);
      expect(unset?.problems).toEqual([]);
    },
  );

  it('include those of the system that Node does not have, except invalid ones', () => {
    const { folder } = workplace();
    const bundle = join(folder, 'ca-certificates.crt');
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    writeFileSync(bundle, `${tls.rootCertificates[0]}\n${authority.pem}${damaged}${other.pem}${other.pem}`);
    const found = systemCertificates([join(folder, 'not-here'), bundle]).map(withoutWhitespace);

    expect(found.slice(0, 2)).toEqual([authority.pem, other.pem].map(withoutWhitespace));
    expect(found).not.toContain(withoutWhitespace(tls.rootCertificates[0]!));
  });

  it('are always checked: NODE_TLS_REJECT_UNAUTHORIZED=0 is rejected', async () => {
    const { problems } = await load({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });

    expect(problems).toContainEqual(expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED is 0/));
  });

  it('are not read for http to this machine', async () => {
    const env = { NODE_EXTRA_CA_CERTS: '/no/such/file' };

    expect(await load({ env, orgUrl: 'http://127.0.0.1:1' })).toMatchObject({
      network: { ca: [], proxy: undefined },
      problems: [],
    });
  });
});

function withoutWhitespace(pem: string): string {
  return pem.replace(/\s/g, '');
}
