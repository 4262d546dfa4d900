import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import tls from 'node:tls';

import type { buildConnector as BuildConnector, Dispatcher } from 'undici';
// The whole of undici also loads fetch, WebSocket and caches, which takes longer than a small import.
import connectThrough from 'undici/lib/api/api-connect.js';
import buildConnector from 'undici/lib/core/connect.js';
import Pool from 'undici/lib/dispatcher/pool.js';

import type { Clock } from '../../clock.js';

import { CertificateError, isCertificateReason } from './certificate-error.js';
import {
  connectionFailureReason,
  connectionFailureText,
  NotConnectedError,
  UNKNOWN_HOST,
} from './connection-error.js';
import { ProxyError, type ProxyRoute } from './proxy-error.js';
import { proxyRedactor } from './request-secrets.js';

/** How to reach the network. */
export interface Network {
  /** Certificates to trust in addition to Node's own; PEM, one certificate each. */
  readonly ca: readonly string[];
  /** Undefined to connect to the org directly. */
  readonly proxy: Proxy | undefined;
}

export interface Proxy {
  /** http or https, without user name and password. */
  readonly origin: string;
  /** The value of `Proxy-Authorization`: a secret. */
  readonly authorization: string | undefined;
}

export const DIRECT_NETWORK: Network = { ca: [], proxy: undefined };

export interface DispatcherOptions {
  /** The org's origin. */
  readonly orgUrl: string;
  readonly network: Network;
  /** Most connections to the org. */
  readonly concurrency: number;
  /** How long opening a proxy's tunnel may take at most. Milliseconds. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

type Connector = BuildConnector.connector;

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Creates the connection pool to an org: direct, or with one proxy tunnel per connection. Requests fail with a
 * {@link CertificateError} or {@link ProxyError} when that is why no connection could be made.
 */
export function createDispatcher({
  orgUrl,
  network,
  concurrency,
  requestTimeoutMs,
  clock,
}: DispatcherOptions): Dispatcher {
  const trust = { secureContext: createSecureContext(network.ca), clock };
  const connect = createConnector('org', trust);
  // Opening the tunnel may not take longer than the response.
  const timeoutMs = Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs);
  return new Pool(orgUrl, {
    connections: concurrency,
    // One request at a time per connection, so that a lost connection leaves at most one write in doubt.
    pipelining: 1,
    connect:
      network.proxy === undefined
        ? connect
        : createProxyConnector(network.proxy, { connect, concurrency, trust, timeoutMs }),
    // `sendRequest` has one timeout for the whole response.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Created once: parsing hundreds of certificates per connection would take longer than connecting. */
function createSecureContext(ca: readonly string[]): tls.SecureContext | undefined {
  // Undefined leaves Node's default context, which respects Node's own options.
  if (ca.length === 0) return undefined;
  return tls.createSecureContext({ ca: [...nodeCertificates(), ...ca] });
}

/** From Node 22.15 on, these include what options such as --use-system-ca add. */
function nodeCertificates(): readonly string[] {
  if ('getCACertificates' in tls && typeof tls.getCACertificates === 'function') {
    return tls.getCACertificates('default') as readonly string[];
  }
  return tls.rootCertificates;
}

interface Trust {
  readonly secureContext: tls.SecureContext | undefined;
  readonly clock: Clock;
}

/** Connects by TCP, and by TLS for https. Fails with a {@link CertificateError} or a {@link NotConnectedError}. */
function createConnector(owner: 'org' | 'proxy', { secureContext, clock }: Trust): Connector {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn it off.
    rejectUnauthorized: true,
    ...(secureContext && { secureContext }),
  });
  return (options, callback) => {
    let certificate: X509Certificate | undefined;
    const { servername, ...address } = options;
    // A CONNECT has the org as its host, which undici would expect in the proxy's certificate.
    const peer = owner === 'proxy' || servername === undefined ? address : options;
    const socket: unknown = connect(peer, (error, connected) => {
      if (error === null) return callback(null, connected);
      const reason = 'code' in error && typeof error.code === 'string' ? error.code : '';
      if (!isCertificateReason(reason)) return callback(new NotConnectedError(error), null);
      const failure = { reason, host: options.hostname, owner, certificate, atMs: clock.now(), cause: error };
      return callback(new CertificateError(failure), null);
    });
    // Before Node checks the certificate: when it rejects one, it closes the connection and drops the certificate.
    if (socket instanceof tls.TLSSocket) {
      socket.prependListener('secure', () => {
        // Not getPeerX509Certificate, which removes the certificate from the chain that Node is about to check.
        const { raw } = socket.getPeerCertificate();
        certificate = raw && new X509Certificate(raw);
      });
    }
  };
}

/**
 * Connects to the org through the proxy (CONNECT, RFC 9110 section 9.3.6).
 *
 * undici's `ProxyAgent` reports neither the proxy's response nor whether it was the proxy that failed; but a create that
 * failed at the proxy must not count as one that may have reached the org.
 */
function createProxyConnector(
  proxy: Proxy,
  {
    connect,
    concurrency,
    trust,
    timeoutMs,
  }: { connect: Connector; concurrency: number; trust: Trust; timeoutMs: number },
): Connector {
  const pool = new Pool(proxy.origin, {
    connections: concurrency,
    connect: createConnector('proxy', trust),
    headersTimeout: 0,
  });
  const redactor = proxyRedactor(proxy.authorization);

  async function openTunnel(target: string): Promise<Socket> {
    const { origin, authorization } = proxy;
    const route: ProxyRoute = { proxy: origin, target, hasCredentials: authorization !== undefined };
    let response: Dispatcher.ConnectData;
    try {
      response = await connectThrough.call(pool, {
        path: target,
        // undici's own timeout starts again with each interim response.
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          host: target,
          ...(authorization !== undefined && { 'proxy-authorization': authorization }),
        },
      });
    } catch (error) {
      if (error instanceof CertificateError) throw error;
      redactor.error(error);
      throw ProxyError.unreachable(route, {
        reason: connectionFailureText(error),
        isUnknownHost: connectionFailureReason(error) === UNKNOWN_HOST,
        cause: error,
      });
    }
    const { socket, statusCode: status, headers } = response;
    if (status >= 200 && status < 300) return socket as Socket;
    socket.on('error', () => {}).destroy();
    const { 'proxy-authenticate': challenges } = redactor.headers(headers);
    throw ProxyError.rejected(route, { status, schemes: parseSchemes(challenges) });
  }

  return (options, callback) => {
    openTunnel(`${options.hostname}:${options.port || '443'}`).then(
      (httpSocket) => connect({ ...options, httpSocket }, callback),
      // oxlint-disable-next-line promise/no-callback-in-promise -- undici's connectors only support callbacks.
      (error: Error) => callback(error, null),
    );
  };
}

/** `Basic realm="x"` is `basic`. A header may list several schemes, and there may be several headers. */
function parseSchemes(header: string | readonly string[] | undefined): readonly string[] {
  const challenges = [header ?? []].flat().flatMap((value) => value.split(/,\s*(?=[\w-]+(?:\s|$))/));
  return [...new Set(challenges.map((challenge) => challenge.trim().split(/\s/, 1)[0]!.toLowerCase()))];
}
