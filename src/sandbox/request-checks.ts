import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';

import { Refusal } from './refusal.js';

/**
 * Who is asking (errors.md §6): a wrong or revoked SSWS token is 401 `E0000011`; no token, or a scheme that Okta does not
 * know, falls through to the session cookie that nobody sent, 403 `E0000005`.
 */
export function checkApiToken(authorization: string | undefined, token: string | undefined): void {
  const [scheme, credentials, ...rest] = (authorization ?? '').trim().split(/\s+/);
  if (scheme?.toUpperCase() !== 'SSWS') throw new Refusal('E0000005');
  if (token === undefined || credentials !== token || rest.length > 0) throw new Refusal('E0000011');
}

/** What the headers must say before anybody looks at the body (users.md §1, errors.md §2). */
export function checkHeaders(method: string, headers: IncomingHttpHeaders, hasBody: boolean): void {
  if (headers.accept !== undefined && !acceptsJson(headers.accept)) throw new Refusal('E0000122');
  if (method !== 'POST' && method !== 'PUT') return;
  const announcesBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  // 411 has no code of its own in Okta's list.
  if (!announcesBody) throw new Refusal('E0000020', { status: 411 });
  if (!hasBody) return;
  const contentType = headers['content-type'];
  if (contentType === undefined || contentType === '') throw new Refusal('E0000018');
  if (!isJsonType(contentType)) throw new Refusal('E0000021');
}

/** The JSON of a body, `undefined` for none. Broken JSON or UTF-8 is 400 `E0000003`. */
export function parseBody(bytes: Buffer | undefined): unknown {
  if (!bytes || bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new Refusal('E0000003');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // SyntaxError says where; Okta does not.
    throw new Refusal('E0000003');
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
