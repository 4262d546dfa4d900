import { resolve } from 'node:path';

import type { Network, Proxy } from '../okta/http/dispatcher.js';
import type { Secret } from '../secret.js';

import { readCertificates, systemCertificates } from './certificates.js';
import type { FoundSetting, SettingLayers } from './layers.js';
import type { SettingChecks } from './setting-checks.js';

/**
 * The certificates to trust, and the proxy.
 *
 * @param orgUrl - the org's origin. This machine itself is reached without a proxy, whatever is set.
 */
export function loadNetwork(orgUrl: string, layers: SettingLayers, checks: SettingChecks): Network {
  const url = new URL(orgUrl);
  // Only loopback addresses are reached by http, and they have no certificate.
  if (url.protocol === 'http:') return { ca: [], proxy: undefined };
  const verification = layers.find('nodeTlsRejectUnauthorized');
  if (verification?.value === '0') {
    checks.addInvalid(
      `${verification.from} is 0, which would send the credentials to any server. Unset it, and use --ca <file> to trust your own certificate.`,
    );
  }
  return { ca: loadCertificates(layers, checks), proxy: loadProxy(url, layers, checks) };
}

/** The certificates to trust in addition to Node's own. */
function loadCertificates(layers: SettingLayers, checks: SettingChecks): readonly string[] {
  const own = (['ca', 'nodeExtraCaCerts', 'sslCertFile'] as const).flatMap((name) => {
    const found = layers.find(name);
    if (found === undefined) return [];
    const { certificates, problem } = readCertificates(resolve(layers.folder, found.value));
    if (problem !== undefined) checks.addInvalid(`${found.from} names ${found.value}, which ${problem}.`);
    return certificates;
  });
  const system = layers.find('sslCertFile') === undefined ? systemCertificates() : [];
  return [...new Set([...own, ...system])];
}

/** Of Okta's proxy settings and the general ones, those of the stronger layer are used; within one layer, Okta's. */
function loadProxy(url: URL, layers: SettingLayers, checks: SettingChecks): Proxy | undefined {
  if (bypassesProxy(url, layers.find('noProxy')?.value ?? '')) return undefined;
  const host = layers.find('proxyHost');
  const address = layers.findSecret('httpsProxy');
  if (host !== undefined && (address === undefined || host.layer <= address.layer)) {
    return proxyFromParts(host, layers, checks);
  }
  return address && proxyFromUrl(address, checks);
}

function proxyFromParts(host: FoundSetting, layers: SettingLayers, checks: SettingChecks): Proxy | undefined {
  const port = layers.find('proxyPort');
  const text = `${withScheme(host.value)}${port === undefined ? '' : `:${port.value}`}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || proxy.username !== '' || proxy.pathname !== '/') {
    checks.addInvalid(
      `${host.from}${port === undefined ? '' : ` with ${port.from}`} is not a valid proxy. Set a host, and the port separately.`,
    );
    return undefined;
  }
  const username = layers.find('proxyUsername')?.value;
  const password = layers.findSecret('proxyPassword')?.value.reveal() ?? '';
  return toProxy(
    proxy,
    username === undefined ? undefined : basicAuthorization(username, password),
    host.from,
    checks,
  );
}

function proxyFromUrl({ value, from }: FoundSetting<Secret>, checks: SettingChecks): Proxy | undefined {
  const text = withScheme(value.reveal());
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  // Never quoted: it may contain a password, and with an unencoded # or / the password may be anywhere.
  if (proxy === undefined || (text.includes('@') && proxy.username === '' && proxy.password === '')) {
    checks.addInvalid(
      `${from} is not a URL. Use the form http://user:password@proxy.example.com:3128, and percent-encode characters such as @ : / % # in the user name and password.`,
    );
    return undefined;
  }
  const { username, password } = proxy;
  try {
    const hasCredentials = username !== '' || password !== '';
    const authorization = hasCredentials
      ? basicAuthorization(decodeURIComponent(username), decodeURIComponent(password))
      : undefined;
    return toProxy(proxy, authorization, from, checks);
  } catch {
    // decodeURIComponent failed: a % without two digits after it, or bytes that are not UTF-8.
    checks.addInvalid(`${from} has an invalid % in its user name or password. Write the character % as %25.`);
    return undefined;
  }
}

function toProxy(
  { protocol, origin }: URL,
  authorization: string | undefined,
  from: string,
  checks: SettingChecks,
): Proxy | undefined {
  if (protocol === 'http:' || protocol === 'https:') return { origin, authorization };
  checks.addInvalid(
    `${from} is a ${protocol.slice(0, -1)} proxy, but only http and https proxies are supported.`,
  );
  return undefined;
}

function withScheme(address: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}

/** In UTF-8 (RFC 7617). Other schemes would need more than one request. */
function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a host is in `NO_PROXY`, or is this machine itself. Entries are separated by commas or spaces: `*` is every host;
 * `okta.com`, `.okta.com` and `*.okta.com` are that domain and its subdomains; with `:443` at the end, on that port only.
 */
export function bypassesProxy(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  if (LOOPBACK.test(host)) return true;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', ownPort] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (ownPort !== undefined && ownPort !== port)) return false;
    const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
    return domain !== '' && (host === domain || host === `[${domain}]` || host.endsWith(`.${domain}`));
  });
}
