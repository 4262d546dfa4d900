import type { X509Certificate } from 'node:crypto';

import { OktaImportError } from '../../errors.js';

/** The certificate of the org or of a proxy is not trusted. Nothing was sent, and retrying does not help. */
export class CertificateError extends OktaImportError {
  override readonly code = 'ERR_CERTIFICATE';
  /** As Node names it, such as `CERT_HAS_EXPIRED`. */
  readonly reason: string;
  /** The requested host. */
  readonly host: string;

  constructor(failure: CertificateFailure) {
    super(describe(failure), { hint: hintFor(failure), cause: failure.cause });
    this.reason = failure.reason;
    this.host = failure.host;
  }
}

export interface CertificateFailure {
  /** As Node names it. */
  readonly reason: string;
  readonly host: string;
  /** Whose certificate it is. */
  readonly owner: 'org' | 'proxy';
  /** Undefined when the handshake did not get that far. */
  readonly certificate: X509Certificate | undefined;
  /** When it was received, local time. */
  readonly atMs: number;
  readonly cause: unknown;
}

/** Node's TLS documentation, "X509 certificate error codes". */
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

/** Whether an error of the TLS handshake concerns the certificate. */
export function isCertificateReason(reason: string): boolean {
  return CERTIFICATE_REASONS.has(reason);
}

const NAME_MISMATCH = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']);

const UNKNOWN_ISSUER = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function describe(failure: CertificateFailure): string {
  const { reason, host, certificate, atMs } = failure;
  const subject = `The certificate of ${failure.owner === 'proxy' ? 'the proxy ' : ''}${host}`;
  if (certificate === undefined) return `${subject} is not trusted (${reason}).`;
  const issuer = `It was issued by ${nameOf(certificate.issuer)}.`;
  const validToMs = Date.parse(certificate.validTo);
  const validFromMs = Date.parse(certificate.validFrom);
  if (reason === 'CERT_HAS_EXPIRED') {
    return validToMs < atMs
      ? `${subject} expired on ${instant(validToMs)}. ${issuer}`
      : `${subject} is valid until ${instant(validToMs)}, but the certificate of one of its issuers has expired. ${issuer}`;
  }
  if (reason === 'CERT_NOT_YET_VALID') {
    return validFromMs > atMs
      ? `${subject} is not valid before ${instant(validFromMs)}. ${issuer}`
      : `${subject} is valid, but the certificate of one of its issuers is not valid yet. ${issuer}`;
  }
  if (NAME_MISMATCH.has(reason)) {
    return `${subject} is for ${namesOf(certificate)}, not for ${host}. ${issuer}`;
  }
  if (reason === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    return `${subject} is self-signed (${nameOf(certificate.subject)}), and this machine does not trust it.`;
  }
  if (UNKNOWN_ISSUER.has(reason)) {
    return `${subject} was issued by ${nameOf(certificate.issuer)}, which this machine does not trust (${reason}).`;
  }
  return `${subject} is not trusted (${reason}). ${issuer}`;
}

function hintFor({ reason, owner }: CertificateFailure): string {
  if (UNKNOWN_ISSUER.has(reason)) {
    return owner === 'proxy'
      ? "Trust the issuer's root certificate with --ca <file> (PEM) or NODE_EXTRA_CA_CERTS."
      : 'If your company inspects TLS traffic, trust its root certificate with --ca <file> (PEM) or NODE_EXTRA_CA_CERTS. Otherwise, someone may be intercepting the connection.';
  }
  if (reason === 'CERT_HAS_EXPIRED' || reason === 'CERT_NOT_YET_VALID') {
    return "Check this machine's clock first. If it is right, the certificate has to be renewed on the server.";
  }
  if (NAME_MISMATCH.has(reason)) {
    return owner === 'proxy'
      ? 'In HTTPS_PROXY, use the host name that the certificate of the proxy contains.'
      : "Check the org URL (OKTA_CLIENT_ORGURL) for a typo, and whether a network's sign-in page or a proxy responds instead of the org (HTTPS_PROXY, NO_PROXY).";
  }
  return 'Ask the administrator of that server. This program never connects without a valid certificate.';
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}

/** The common name, or the whole distinguished name on one line. */
function nameOf(distinguishedName: string): string {
  const common = /^CN=(.*)$/m.exec(distinguishedName)?.[1] ?? distinguishedName.split('\n').join(', ');
  return `"${common.slice(0, MAX_NAME)}"`;
}

const MAX_NAME = 200;
/** The certificate of a content delivery network can have a hundred. */
const MAX_NAMES = 5;

function namesOf({ subjectAltName, subject }: X509Certificate): string {
  const names = (subjectAltName ?? '')
    .split(', ')
    .map((name) => name.replace(/^(?:DNS|IP Address):/, '').slice(0, MAX_NAME))
    .filter((name) => name !== '');
  if (names.length === 0) return nameOf(subject);
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
