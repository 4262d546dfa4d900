import type { X509Certificate } from 'node:crypto';

import { OktaImportError } from '../../errors.js';

/**
 * The certificate that a server or proxy showed is not to be trusted. Nothing was sent, and nothing that this program could
 * do would make it so: somebody has to set something.
 */
export class CertificateError extends OktaImportError {
  override readonly code = 'ERR_CERTIFICATE';
  /** As Node names it, such as `CERT_HAS_EXPIRED`. */
  readonly reason: string;
  /** The host that was meant. */
  readonly host: string;

  constructor(failure: CertificateFailure) {
    super(whatIsWrong(failure), { hint: hintFor(failure), cause: failure.cause });
    this.reason = failure.reason;
    this.host = failure.host;
  }
}

export interface CertificateFailure {
  /** As Node names it. */
  readonly reason: string;
  readonly host: string;
  /** Whose it is: the org's, or that of the proxy on the way. */
  readonly of: 'org' | 'proxy';
  /** The certificate that was shown; undefined when the handshake did not come so far. */
  readonly certificate: X509Certificate | undefined;
  /** When it was shown, by our clock. */
  readonly atMs: number;
  readonly cause: unknown;
}

/** What Node finds of certificates, which waiting will not mend (its documentation, TLS, "X509 certificate error codes"). */
const CERTIFICATE_REASONS = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CRL_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Whether an error of the handshake is about the certificate. */
export function isCertificateReason(reason: string): boolean {
  return CERTIFICATE_REASONS.has(reason);
}

const UNKNOWN_ISSUER = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function whatIsWrong(failure: CertificateFailure): string {
  const { reason, host, certificate } = failure;
  const its = `The certificate of ${failure.of === 'proxy' ? 'the proxy ' : ''}${host}`;
  if (certificate === undefined) return `${its} is not to be trusted (${reason}).`;
  const issuer = `It was issued by ${nameOf(certificate.issuer)}`;
  const validToMs = Date.parse(certificate.validTo);
  const validFromMs = Date.parse(certificate.validFrom);
  if (reason === 'CERT_HAS_EXPIRED') {
    return validToMs < failure.atMs
      ? `${its} expired on ${instant(validToMs)}. ${issuer}.`
      : `${its} is good until ${instant(validToMs)}, but that of one of its issuers has expired. ${issuer}.`;
  }
  if (reason === 'CERT_NOT_YET_VALID') {
    return validFromMs > failure.atMs
      ? `${its} is not valid before ${instant(validFromMs)}. ${issuer}.`
      : `${its} is good, but that of one of its issuers is not valid yet. ${issuer}.`;
  }
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID' || reason === 'HOSTNAME_MISMATCH') {
    return `${its} is for ${namesOf(certificate)}, not for ${host}. ${issuer}.`;
  }
  if (reason === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    return `${its} is signed by itself (${nameOf(certificate.subject)}), and this machine does not know it.`;
  }
  if (UNKNOWN_ISSUER.has(reason)) {
    return `${its} is issued by ${nameOf(certificate.issuer)}, whom this machine does not trust (${reason}).`;
  }
  return `${its} is not to be trusted (${reason}). ${issuer}.`;
}

function hintFor({ reason, of }: CertificateFailure): string {
  if (UNKNOWN_ISSUER.has(reason)) {
    return of === 'proxy'
      ? 'Give the root certificate of its issuer with --ca <file> (PEM), or NODE_EXTRA_CA_CERTS.'
      : 'If your company inspects its traffic, give its root certificate with --ca <file> (PEM) or NODE_EXTRA_CA_CERTS; else somebody is in the way who should not be.';
  }
  if (reason === 'CERT_HAS_EXPIRED' || reason === 'CERT_NOT_YET_VALID') {
    return "Look at this machine's clock first; if it is right, whoever runs that server has to renew the certificate.";
  }
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID' || reason === 'HOSTNAME_MISMATCH') {
    return of === 'proxy'
      ? 'Give the proxy in HTTPS_PROXY by the name that its certificate has.'
      : "Check the org URL (OKTA_CLIENT_ORGURL) for a slip, and whether a network's sign-in page or a proxy answers in the org's place (HTTPS_PROXY, NO_PROXY).";
  }
  return 'Ask whoever runs that server; this program never goes on without a good certificate.';
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}

/** How people know the holder of a name: the common name, or the whole on one line. */
function nameOf(distinguishedName: string): string {
  const common = /^CN=(.*)$/m.exec(distinguishedName)?.[1] ?? distinguishedName.split('\n').join(', ');
  return `"${common.slice(0, MAX_NAME)}"`;
}

const MAX_NAME = 200;
/** A certificate of a content network can have a hundred. */
const MAX_NAMES = 5;

function namesOf({ subjectAltName, subject }: X509Certificate): string {
  const names = (subjectAltName ?? '')
    .split(', ')
    .map((name) => name.replace(/^(?:DNS|IP Address):/, '').slice(0, MAX_NAME))
    .filter((name) => name !== '');
  if (names.length === 0) return nameOf(subject);
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} others` : '');
}
