import { resolve } from 'node:path';

import type { Network, Proxy } from '../okta/http/dispatcher.js';
import type { Secret } from '../secret.js';

import { systemCertificates, readCertificates } from './certificates.js';
import type { SettingProblems } from './problems.js';
import type { FoundSetting, SettingLayers } from './layers.js';

/**
 * How the network is reached: whom to trust, and through which proxy.
 *
 * @param orgUrl - the org's origin. This machine itself is reached without a proxy, whatever is set.
 * @param problems - what is wrong is added here.
 */
export function loadNetwork(orgUrl: string, sources: SettingLayers, problems: SettingProblems): Network {
  const url = new URL(orgUrl);
  // Loopback, as nothing else is reached by http: there is no certificate to look at.
  if (url.protocol === 'http:') return { ca: [], proxy: undefined };
  const verification = sources.find('nodeTlsRejectUnauthorized');
  if (verification?.value === '0') {
    problems.wrong(
      `${verification.from} is 0, which would send the credentials to whoever answers: unset it. Trust a certificate of your own with --ca <file> instead.`,
    );
  }
  return { ca: loadCertificates(sources, problems), proxy: loadProxy(url, sources, problems) };
}

/** What is trusted besides what Node trusts by itself. */
function loadCertificates(sources: SettingLayers, problems: SettingProblems): readonly string[] {
  const own = (['ca', 'nodeExtraCaCerts', 'sslCertFile'] as const).flatMap((name) => {
    const found = sources.find(name);
    if (found === undefined) return [];
    const { certificates, problem } = readCertificates(resolve(sources.folder, found.value));
    if (problem !== undefined) problems.wrong(`${found.from} names ${found.value}, which ${problem}.`);
    return certificates;
  });
  const system = sources.find('sslCertFile') === undefined ? systemCertificates() : [];
  return [...new Set([...own, ...system])];
}

/** Of Okta's own settings for a proxy and those of everybody, the stronger source decides, and Okta's within one. */
function loadProxy(url: URL, sources: SettingLayers, problems: SettingProblems): Proxy | undefined {
  if (bypassesProxy(url, sources.find('noProxy')?.value ?? '')) return undefined;
  const host = sources.find('proxyHost');
  const address = sources.findSecret('httpsProxy');
  if (host !== undefined && (address === undefined || host.layer <= address.layer)) {
    return proxyOfParts(host, sources, problems);
  }
  return address && proxyOfUrl(address, problems);
}

function proxyOfParts(
  host: FoundSetting,
  sources: SettingLayers,
  problems: SettingProblems,
): Proxy | undefined {
  const port = sources.find('proxyPort');
  const text = `${withScheme(host.value)}${port === undefined ? '' : `:${port.value}`}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || proxy.username !== '' || proxy.pathname !== '/') {
    problems.wrong(
      `${host.from}${port === undefined ? '' : ` with ${port.from}`} names no proxy: it takes a host, and the port apart.`,
    );
    return undefined;
  }
  const username = sources.find('proxyUsername')?.value;
  const password = sources.findSecret('proxyPassword')?.value.reveal() ?? '';
  return proxyAt(proxy, username === undefined ? undefined : basic(username, password), host.from, problems);
}

function proxyOfUrl({ value, from }: FoundSetting<Secret>, problems: SettingProblems): Proxy | undefined {
  const text = withScheme(value.reveal());
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  // Never quoted: it may hold a password, and with a bare # or / in that, anywhere.
  if (proxy === undefined || (text.includes('@') && proxy.username === '' && proxy.password === '')) {
    problems.wrong(
      `${from} is not a URL. It looks like http://user:password@proxy.example.com:3128, with characters such as @ : / % # percent-encoded in name and password.`,
    );
    return undefined;
  }
  const { username, password } = proxy;
  try {
    const isSignedIn = username !== '' || password !== '';
    const authorization = isSignedIn
      ? basic(decodeURIComponent(username), decodeURIComponent(password))
      : undefined;
    return proxyAt(proxy, authorization, from, problems);
  } catch {
    // decodeURIComponent found a % with no two digits behind it, or bytes that are not UTF-8.
    problems.wrong(
      `${from} has a user name or password with a % that encodes nothing: write the character % as %25.`,
    );
    return undefined;
  }
}

function proxyAt(
  { protocol, origin }: URL,
  authorization: string | undefined,
  from: string,
  problems: SettingProblems,
): Proxy | undefined {
  if (protocol === 'http:' || protocol === 'https:') return { origin, authorization };
  problems.wrong(
    `${from} names a ${protocol.slice(0, -1)} proxy, and this program goes through http and https proxies only.`,
  );
  return undefined;
}

function withScheme(address: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}

/** The one way of signing in to a proxy that needs no conversation, in UTF-8 (RFC 7617). */
function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether `NO_PROXY` names a host, or the host is this machine itself. Entries stand between commas or spaces: `*` is every
 * host; `okta.com`, `.okta.com` and `*.okta.com` are that domain and all below it; with `:443` behind, on that port only.
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
