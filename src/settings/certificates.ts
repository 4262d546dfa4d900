import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import tls from 'node:tls';
import { messageOf } from '../text.js';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a file in PEM, one each; or what is the matter with it, as the end of a sentence. */
export interface CertificateFile {
  readonly certificates: readonly string[];
  readonly problem?: string;
}

export function readCertificates(path: string): CertificateFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const why = messageOf(error);
    return { certificates: [], problem: `cannot be read (${why})` };
  }
  const blocks = bytes.toString('latin1').match(PEM);
  // The binary form, which Windows writes as .cer, holds one.
  const certificates = (blocks ?? [bytes]).map(parsed);
  const bad = certificates.indexOf(undefined);
  if (bad === -1) return { certificates: certificates.map(String) };
  const problem =
    blocks === null
      ? 'holds no certificate: in PEM they begin with -----BEGIN CERTIFICATE-----'
      : `holds a certificate that cannot be read (number ${bad + 1} of ${blocks.length})`;
  return { certificates: [], problem };
}

/** Where the systems keep, in one file, whom they trust; the list is Go's (crypto/x509, root_linux.go and root_bsd.go). */
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
 * Those whom the system trusts and Node does not, as far as they can be read. On Windows, and for what macOS keeps in its
 * keychain, that takes Node 22.15 or later.
 */
export function systemCertificates(files: readonly string[] = SYSTEM_FILES): readonly string[] {
  const known = new Set(tls.rootCertificates.map(withoutSpaces));
  return [...certificatesOfFirst(files), ...certificatesOfStore()].filter((pem) => {
    const key = withoutSpaces(pem);
    return !known.has(key) && known.add(key);
  });
}

function certificatesOfFirst(files: readonly string[]): readonly string[] {
  const path = files.find((each) => existsSync(each));
  if (path === undefined) return [];
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch {
    // Not for our eyes: then Node's own have to do, as they did before there was this file.
    return [];
  }
  // Nobody here wrote it: what cannot be read of it is left out.
  return (text.match(PEM) ?? []).flatMap((pem) => parsed(pem) ?? []);
}

function certificatesOfStore(): readonly string[] {
  if (!('getCACertificates' in tls && typeof tls.getCACertificates === 'function')) return [];
  return tls.getCACertificates('system') as readonly string[];
}

/** In PEM; undefined when it is no certificate. */
function parsed(certificate: string | Buffer): string | undefined {
  try {
    return new X509Certificate(certificate).toString();
  } catch {
    // The caller knows which one it was, and OpenSSL's words help nobody.
    return undefined;
  }
}

function withoutSpaces(pem: string): string {
  return pem.replace(/\s+/g, '');
}
