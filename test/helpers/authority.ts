// tsyringe, a dependency of @peculiar/x509, requires that it is loaded first.
// oxlint-disable-next-line import/no-unassigned-import
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';

/** Certificate and key of a server, in PEM. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for one test. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly pem: string;
  readonly der: Buffer;
  /** Writes its certificate into a folder. @returns the path. */
  file(folder: string): string;
  /** Days count from now. */
  issue(
    names: readonly string[],
    days?: { readonly from: number; readonly to: number },
  ): Promise<ServerIdentity>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** Creates an authority with a new key, which only this process has. */
export async function createAuthority(name = 'Example Root CA'): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const root = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: daysFromNow(-30),
    notAfter: daysFromNow(30),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  const pem = pemOf(root);
  return {
    pem,
    der: Buffer.from(root.rawData),
    file(folder) {
      const path = join(folder, `${name.replaceAll(' ', '-')}.pem`);
      writeFileSync(path, pem);
      return path;
    },
    async issue(names, days = { from: -1, to: 1 }) {
      const own = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${names[0]}`,
        issuer: root.subject,
        notBefore: daysFromNow(days.from),
        notAfter: daysFromNow(days.to),
        signingAlgorithm: ALGORITHM,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new SubjectAlternativeNameExtension(
            names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
          ),
        ],
      });
      const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
      return {
        cert: pemOf(certificate),
        key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
      };
    },
  };
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}
