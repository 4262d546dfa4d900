import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import tls from 'node:tls';

import { codeOf } from './secret-file.js';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a file in PEM, one each; or what is wrong with the file, as the end of a sentence. */
export interface CertificateFile {
  readonly certificates: readonly string[];
  readonly problem?: string;
}

export function readCertificates(path: string): CertificateFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return { certificates: [], problem: `cannot be read (${codeOf(error)})` };
  }
  const blocks = bytes.toString('latin1').match(PEM);
  // The binary form, which Windows writes as .cer, contains one certificate.
  const certificates = (blocks ?? [bytes]).map(parseCertificate);
  const invalidIndex = certificates.indexOf(undefined);
  if (invalidIndex === -1) return { certificates: certificates.map(String) };
  const problem =
    blocks === null
      ? 'contains no certificate (in PEM, certificates begin with -----BEGIN CERTIFICATE-----)'
      : `contains an invalid certificate (number ${invalidIndex + 1} of ${blocks.length})`;
  return { certificates: [], problem };
}

/** Where systems keep the certificates they trust; the list is Go's (crypto/x509, root_linux.go and root_bsd.go). */
const SYSTEM_FILES = [
  // Debian, Ubuntu, Gentoo, Arch
  '/etc/ssl/certs/ca-certificates.crt',
  // Fedora, Red Hat
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  // SUSE
  '/etc/ssl/ca-bundle.pem',
  // Alpine, BSD, macOS
  '/etc/ssl/cert.pem',
];

/**
 * Certificates that the system trusts and Node does not, as far as they can be read. On Windows, and for the macOS
 * keychain, this requires Node 22.15 or later.
 */
export function systemCertificates(files: readonly string[] = SYSTEM_FILES): readonly string[] {
  const known = new Set(tls.rootCertificates.map(withoutWhitespace));
  return [...certificatesOfFirstFile(files), ...certificatesOfStore()].filter((pem) => {
    const key = withoutWhitespace(pem);
    return !known.has(key) && known.add(key);
  });
}

function certificatesOfFirstFile(files: readonly string[]): readonly string[] {
  const path = files.find((each) => existsSync(each));
  if (path === undefined) return [];
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch {
    // Without permission to read it, Node's own certificates have to do.
    return [];
  }
  // The user did not write this file: invalid parts are ignored.
  return (text.match(PEM) ?? []).flatMap((pem) => parseCertificate(pem) ?? []);
}

function certificatesOfStore(): readonly string[] {
  if (!('getCACertificates' in tls && typeof tls.getCACertificates === 'function')) return [];
  return tls.getCACertificates('system') as readonly string[];
}

/** In PEM; undefined when it is not a certificate. */
function parseCertificate(certificate: string | Buffer): string | undefined {
  try {
    return new X509Certificate(certificate).toString();
  } catch {
    // The caller names the certificate; OpenSSL's message adds nothing.
    return undefined;
  }
}

function withoutWhitespace(pem: string): string {
  return pem.replace(/\s+/g, '');
}
