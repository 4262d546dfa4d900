import type { Network } from './dispatcher.js';
import { parseJsonObject } from './json-object.js';
import { Redactor } from './redact.js';

/** Fields below `credentials` that are no secrets (Users, "Create a user"); all others are. */
const PUBLIC_CREDENTIALS = new Set([
  'provider',
  'question',
  'algorithm',
  'digestAlgorithm',
  'saltOrder',
  'hook',
]);

/** Redacts the secrets of one request from its response: those that it is signed with, and those in its body. */
export class RequestSecrets {
  readonly #proxy: Redactor;
  /** Of the last request: nearly all requests are signed with the same token. */
  #token: { readonly authorization: string; readonly redactors: readonly Redactor[] } | undefined;

  constructor(network: Network) {
    this.#proxy = proxyRedactor(network.proxy?.authorization);
  }

  /**
   * @param headers - that sign the request.
   * @param body - JSON text.
   */
  redactorsFor(headers: Readonly<Record<string, string>>, body: string | undefined): readonly Redactor[] {
    const { authorization = '' } = headers;
    if (this.#token?.authorization !== authorization) {
      this.#token = { authorization, redactors: [new Redactor([valueOf(authorization)]), this.#proxy] };
    }
    let { redactors } = this.#token;
    for (const name in headers) {
      if (name !== 'authorization') redactors = [...redactors, new Redactor([headers[name] ?? ''])];
    }
    const bodyRedactor = body === undefined ? undefined : redactorFor(body);
    return bodyRedactor === undefined ? redactors : [...redactors, bodyRedactor];
  }
}

/** The user name and the password of a proxy, or its token. */
export function proxyRedactor(authorization: string | undefined): Redactor {
  if (authorization === undefined) return new Redactor([]);
  const value = valueOf(authorization);
  const [, password = ''] = Buffer.from(value, 'base64').toString().split(/:(.*)/s);
  return new Redactor([value, password]);
}

/** `SSWS abc` is `abc`. */
function valueOf(authorization: string): string {
  return authorization.slice(authorization.indexOf(' ') + 1);
}

/** @returns undefined for a body without credentials. */
function redactorFor(body: string): Redactor | undefined {
  if (!body.includes('"credentials"')) return undefined;
  const { credentials, ...others } = parseJsonObject(body) ?? {};
  const secrets: string[] = [];
  const ownValues: string[] = [];
  collectTexts(others, ownValues, ownValues);
  collectTexts(credentials, secrets, ownValues);
  return new Redactor(secrets, ownValues);
}

function collectTexts(value: unknown, into: string[], intoPublic: string[]): void {
  if (typeof value === 'string') into.push(value);
  // Such as the work factor of a hash.
  if (typeof value === 'number') intoPublic.push(String(value));
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    collectTexts(item, PUBLIC_CREDENTIALS.has(name) ? intoPublic : into, intoPublic);
  }
}
