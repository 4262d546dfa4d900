import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import tls from 'node:tls';

import { buildConnector, Pool, type Dispatcher } from 'undici';

import type { Clock } from '../../clock.js';

import { CertificateError, isCertificateReason } from './certificate-error.js';
import { NotConnectedError } from '../errors.js';
import { ProxyError, type ProxyRoute } from './proxy-error.js';
import { messageOf } from '../../text.js';

/** How the network is reached. */
export interface Network {
  /** Certificates in PEM, one each, that are trusted besides those that Node trusts. */
  readonly ca: readonly string[];
  /** Undefined for straight to the org. */
  readonly proxy: Proxy | undefined;
}

export interface Proxy {
  /** http or https; without name and password. */
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
  /** For the answer's headers, and for each silence in its body. Milliseconds. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

type Connector = buildConnector.connector;

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The pool of connections over which requests go to an org: straight, or each through a tunnel of its own that the proxy opens.
 *
 * Requests end with a {@link CertificateError} or {@link ProxyError} where no connection came about for such a reason.
 */
export function createDispatcher({
  orgUrl,
  network,
  concurrency,
  requestTimeoutMs,
  clock,
}: DispatcherOptions): Dispatcher {
  const trust = { secureContext: contextOf(network.ca), clock };
  const connect = connectorTo('org', trust);
  // What leads to an answer takes no longer than one may.
  const timeoutMs = Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs);
  return new Pool(orgUrl, {
    connections: concurrency,
    // One request at a time on a connection, so that one that breaks off leaves a single write in doubt.
    pipelining: 1,
    connect:
      network.proxy === undefined
        ? connect
        : throughProxy(network.proxy, { connect, concurrency, trust, timeoutMs }),
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
  });
}

/** Made once: reading hundreds of certificates for every connection would take longer than connecting. */
function contextOf(ca: readonly string[]): tls.SecureContext | undefined {
  // Node's own then, with which it honours its own options.
  if (ca.length === 0) return undefined;
  return tls.createSecureContext({ ca: [...certificatesOfNode(), ...ca] });
}

/** From Node 22.15 on these follow options such as --use-system-ca as well. */
function certificatesOfNode(): readonly string[] {
  if ('getCACertificates' in tls && typeof tls.getCACertificates === 'function') {
    return tls.getCACertificates('default') as readonly string[];
  }
  return tls.rootCertificates;
}

interface Trust {
  readonly secureContext: tls.SecureContext | undefined;
  readonly clock: Clock;
}

/**
 * Connects by TCP, and TLS where the URL says so. Ends with a {@link CertificateError} that says what is wrong with a
 * certificate, or a {@link NotConnectedError}.
 */
function connectorTo(of: 'org' | 'proxy', { secureContext, clock }: Trust): Connector {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    // Said here, since NODE_TLS_REJECT_UNAUTHORIZED=0 would else decide.
    rejectUnauthorized: true,
    ...(secureContext && { secureContext }),
  });
  return (options, callback) => {
    let certificate: X509Certificate | undefined;
    const { servername, ...address } = options;
    // A CONNECT names the org as its host, which undici takes for the name that the proxy's certificate should have.
    const peer = of === 'proxy' || servername === undefined ? address : options;
    const socket: unknown = connect(peer, (error, connected) => {
      if (error === null) return callback(null, connected);
      const reason = codeOf(error);
      if (!isCertificateReason(reason)) return callback(new NotConnectedError(error), null);
      const failure = { reason, host: options.hostname, of, certificate, atMs: clock.now(), cause: error };
      return callback(new CertificateError(failure), null);
    });
    // Before Node itself looks at the certificate: it closes the connection when it does not like it, and forgets it.
    if (socket instanceof tls.TLSSocket) {
      socket.prependListener('secure', () => {
        // Not getPeerX509Certificate, which takes the certificate out of the chain that Node is about to look at.
        const { raw } = socket.getPeerCertificate();
        certificate = raw && new X509Certificate(raw);
      });
    }
  };
}

/**
 * Connects to the org through the proxy (CONNECT, RFC 9110 section 9.3.6).
 *
 * undici's `ProxyAgent` does the same, but tells neither what the proxy answered nor whether it was the proxy that broke off:
 * and a create whose proxy was away must not count as one that may have reached the org.
 */
function throughProxy(
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
    connect: connectorTo('proxy', trust),
    headersTimeout: timeoutMs,
  });

  async function tunnelTo(target: string): Promise<Socket> {
    const way: ProxyRoute = {
      proxy: proxy.origin,
      target,
      isSignedIn: proxy.authorization !== undefined,
    };
    let answer: Dispatcher.ConnectData;
    try {
      answer = await pool.connect({
        path: target,
        headers: {
          host: target,
          ...(proxy.authorization !== undefined && { 'proxy-authorization': proxy.authorization }),
        },
      });
    } catch (error) {
      if (error instanceof CertificateError) throw error;
      throw ProxyError.unreachable(way, wordsOf(error), error);
    }
    const { socket, statusCode: status } = answer;
    if (status >= 200 && status < 300) return socket as Socket;
    socket.on('error', () => {}).destroy();
    throw ProxyError.refused(way, { status, schemes: schemesOf(answer.headers['proxy-authenticate']) });
  }

  return (options, callback) => {
    tunnelTo(`${options.hostname}:${options.port || '443'}`).then(
      (httpSocket) => connect({ ...options, httpSocket }, callback),
      // oxlint-disable-next-line promise/no-callback-in-promise -- undici's connectors know callbacks only.
      (error: Error) => callback(error, null),
    );
  };
}

/** `Basic realm="x"` is `basic`; a header may hold several, and there may be several headers. */
function schemesOf(header: string | readonly string[] | undefined): readonly string[] {
  const challenges = [header ?? []].flat().flatMap((value) => value.split(/,\s*(?=[\w-]+(?:\s|$))/));
  return [...new Set(challenges.map((challenge) => challenge.trim().split(/\s/, 1)[0]!.toLowerCase()))];
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function wordsOf(error: unknown): string {
  const cause = error instanceof NotConnectedError ? error.cause : error;
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  switch (codeOf(first)) {
    case 'ECONNREFUSED':
      return 'nothing listens at that address (ECONNREFUSED)';
    case 'ENOTFOUND':
      return 'its host name does not exist (ENOTFOUND)';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return `it broke off the connection (${codeOf(first)})`;
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `it did not answer within the time allowed (${codeOf(first)})`;
    default:
      return messageOf(first);
  }
}
