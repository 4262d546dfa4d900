import type { Network, Proxy } from '../okta/dispatcher.js';

import { systemCertificates, certificatesIn } from './certificates.js';
import type { Environment } from './load.js';

export interface NetworkFlags {
  /** File of certificates to trust besides the system's. */
  readonly ca?: string | undefined;
}

/**
 * How the network is reached: whom to trust, and through which proxy.
 *
 * @param orgUrl - the org's origin. This machine itself is reached without a proxy, whatever is set.
 * @param problems - what is wrong is added here.
 */
export function loadNetwork(
  orgUrl: string,
  flags: NetworkFlags,
  env: Environment,
  problems: string[],
): Network {
  const url = new URL(orgUrl);
  // Loopback, as nothing else is reached by http: there is no certificate to look at.
  if (url.protocol === 'http:') return { ca: [], proxy: undefined };
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    problems.push(
      'NODE_TLS_REJECT_UNAUTHORIZED is 0, which would send the credentials to whoever answers: unset it. Trust a certificate of your own with --ca <file> instead.',
    );
  }
  return { ca: loadCertificates(flags, env, problems), proxy: loadProxy(url, env, problems) };
}

/** What is trusted besides what Node trusts by itself. */
function loadCertificates(flags: NetworkFlags, env: Environment, problems: string[]): readonly string[] {
  const settings = [
    ['--ca', flags.ca],
    // With certificates of ours Node forgets those that it read from here.
    ['NODE_EXTRA_CA_CERTS', env['NODE_EXTRA_CA_CERTS']],
    ['SSL_CERT_FILE', env['SSL_CERT_FILE']],
  ] as const;
  const own = settings.flatMap(([setting, path]) => {
    if (path === undefined || (path === '' && setting !== '--ca')) return [];
    const { certificates, problem } = certificatesIn(path);
    if (problem !== undefined) problems.push(`${setting} names ${path || 'no file'}, which ${problem}.`);
    return certificates;
  });
  const system = env['SSL_CERT_FILE'] ? [] : systemCertificates();
  return [...new Set([...own, ...system])];
}

function loadProxy(url: URL, env: Environment, problems: string[]): Proxy | undefined {
  const [setting, value] = firstSet(env, ['https_proxy', 'HTTPS_PROXY']);
  const [, noProxy] = firstSet(env, ['no_proxy', 'NO_PROXY']);
  if (value === '' || isReachedWithoutProxy(url, noProxy)) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  // Never quoted: it may hold a password, and with a bare # or / in that, anywhere.
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || (text.includes('@') && proxy.username === '' && proxy.password === '')) {
    problems.push(
      `${setting} is not a URL. It looks like http://user:password@proxy.example.com:3128, with characters such as @ : / % # percent-encoded in name and password.`,
    );
    return undefined;
  }
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    problems.push(
      `${setting} names a ${proxy.protocol.slice(0, -1)} proxy, and this program goes through http and https proxies only.`,
    );
    return undefined;
  }
  try {
    return { origin: proxy.origin, authorization: authorizationOf(proxy) };
  } catch {
    // decodeURIComponent found a % with no two digits behind it, or bytes that are not UTF-8.
    problems.push(
      `${setting} has a user name or password with a % that encodes nothing: write the character % as %25.`,
    );
    return undefined;
  }
}

/** Lower case first, as curl and undici have it. */
function firstSet(env: Environment, names: readonly [string, string]): [name: string, value: string] {
  const name = names.find((each) => (env[each] ?? '').trim() !== '') ?? names[0];
  return [name, (env[name] ?? '').trim()];
}

/**
 * `Basic`, in UTF-8 (RFC 7617), which is the one way that a URL can hold.
 *
 * @throws {URIError} they are not percent-encoded as they should be.
 */
function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether `NO_PROXY` names a host, or the host is this machine itself. Entries stand between commas or spaces: `*` is every
 * host; `okta.com`, `.okta.com` and `*.okta.com` are that domain and all below it; with `:443` behind, on that port only.
 */
export function isReachedWithoutProxy(url: URL, noProxy: string): boolean {
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
