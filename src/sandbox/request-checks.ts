import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';

import { OktaError } from './okta-error.js';

/**
 * Checks the API token. A wrong or revoked one is 401 `E0000011`. Without a token, or with a scheme unknown to Okta, the request
 * is one of a browser session that does not exist: 403 `E0000005`.
 */
export function checkApiToken(authorization: string | undefined, token: string | undefined): void {
  const [scheme, credentials, ...rest] = (authorization ?? '').trim().split(/\s+/);
  if (scheme?.toUpperCase() !== 'SSWS') throw new OktaError('E0000005');
  if (token === undefined || credentials !== token || rest.length > 0) throw new OktaError('E0000011');
}

/** Checks the headers, which Okta does before it reads the body. */
export function checkHeaders(method: string, headers: IncomingHttpHeaders, hasBody: boolean): void {
  if (headers.accept !== undefined && !acceptsJson(headers.accept)) throw new OktaError('E0000122');
  if (method !== 'POST' && method !== 'PUT') return;
  const announcesBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  // Okta documents no error code for 411.
  if (!announcesBody) throw new OktaError('E0000020', { status: 411 });
  if (!hasBody) return;
  const contentType = headers['content-type'];
  if (contentType === undefined || contentType === '') throw new OktaError('E0000018');
  if (!isJsonType(contentType)) throw new OktaError('E0000021');
}

/** The JSON of a body, `undefined` for none. Invalid JSON or UTF-8 is 400 `E0000003`. */
export function parseBody(bytes: Buffer | undefined): unknown {
  if (!bytes || bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new OktaError('E0000003');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // Only SyntaxError is possible; Okta does not report its position.
    throw new OktaError('E0000003');
  }
}

function acceptsJson(accept: string): boolean {
  return accept
    .split(',')
    .map((range) => range.split(';', 1)[0]?.trim().toLowerCase())
    .some((range) => range === 'application/json' || range === 'application/*' || range === '*/*');
}

function isJsonType(contentType: string): boolean {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return type === 'application/json' && (charset === undefined || charset.replaceAll('"', '') === 'utf-8');
}
