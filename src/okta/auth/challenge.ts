import type { IncomingHttpHeaders } from 'node:http';

/** What a response says about an access token that was rejected (RFC 6750, section 3). */
export interface Challenge {
  /** Such as `invalid_token` or `insufficient_scope`. */
  readonly error: string;
  readonly description: string | undefined;
  /** The scopes that the request requires; with `insufficient_scope`, what the token lacks. */
  readonly scopes: readonly string[];
}

/** @returns undefined when the response has no challenge that names an error. */
export function parseChallenge(headers: IncomingHttpHeaders): Challenge | undefined {
  const value: unknown = headers['www-authenticate'];
  const text = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
  const error = /\berror="([^"]*)"/.exec(text)?.[1];
  if (error === undefined) return undefined;
  const scopes = /\bscope="([^"]*)"/.exec(text)?.[1] ?? '';
  return {
    error,
    description: /\berror_description="([^"]*)"/.exec(text)?.[1],
    scopes: scopes.split(' ').filter((scope) => scope !== ''),
  };
}
