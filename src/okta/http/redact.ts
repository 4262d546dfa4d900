import { REDACTED } from '../../text.js';

import { parseJsonObject } from './json-object.js';
import type { RawResponse } from './send-request.js';

/** A secret of at least this length is removed wherever it occurs; a shorter one may be part of an innocent word. */
const MIN_LENGTH_ANYWHERE = 8;
/** Up to this length, even a word by itself is more likely one of the message than the secret. */
const MAX_LENGTH_AMBIGUOUS = 2;
/** A fragment of base64 at least this long identifies the secret that it encodes. */
const MIN_BASE64_FRAGMENT = 8;

/** Escaped line breaks, and any character in a URL. */
const ESCAPE = String.raw`\\[nrt]|%[\dA-Fa-f]{2}`;
/** Whole values only: `Ada` is not redacted in `Adams`, in `ada@example.com` or in `re-Ada`. */
const BEFORE_VALUE = String.raw`(?:(?<![\p{L}\p{M}\p{N}]|[\p{L}\p{N}][-.@+])|(?<=${ESCAPE}))`;
const AFTER_VALUE = String.raw`(?![\p{L}\p{M}\p{N}]|[-.@+][\p{L}\p{N}])`;
/** Between these, even a word that messages use is a value. */
const BEFORE_DELIMITED = String.raw`(?<=^|["'\u0060‘’“”«=<>[{(&]|${ESCAPE})`;
const AFTER_DELIMITED = String.raw`(?=$|["'\u0060‘’“”»=<>\]})&]|\\["nrt]|%[\dA-Fa-f]{2})`;

/** JSON that may spell a secret in a way of its own. */
const ESCAPED_JSON = /\\[u/]/;

/** Values that Okta's protocol defines: programs depend on them, and they reveal no secret. */
const PROTOCOL_VALUE =
  /^(?:E\d{7}|STAGED|PROVISIONED|ACTIVE|RECOVERY|PASSWORD_EXPIRED|LOCKED_OUT|SUSPENDED|DEPROVISIONED)$/;

/**
 * The words of Okta's error messages. A password such as "a" or "password" is redacted only where it is delimited: otherwise
 * the gap in a known sentence would give it away, and `login: An object with this field already exists` would no longer
 * be understood.
 */
const MESSAGE_WORDS = new Set(
  `a access account already an and answer any api app are as at authentication authorized be been before by can cannot
  change characters contain could current defined does email error exist exists expired failed field first firstname for
  from group has have id in internal invalid is it its last lastname least length letter login long lowercase match
  maximum meet met minimum missing must name new no not number object occurred of on one only operation or organization
  part password permission policy previous profile property question rate recently recovery rejected request
  requested required requirements resource schema server service short status symbol that the this to token too type
  unauthorized unexpected uppercase used user username usertype valid validation value was were weak when with you your`.split(
    /\s+/,
  ),
);

/**
 * Removes secrets from what a server sends back, in the forms in which servers repeat them: as they are, and escaped for
 * JSON, a URL or HTML, and in base64.
 */
export class Redactor {
  /** One of them is in every text that has something to redact. */
  readonly #needles: readonly string[];
  /** Compiled for the first such text: nearly all requests have none. */
  #pattern: RegExp | undefined;
  /** In lower case. */
  readonly #ownValues: ReadonlySet<string>;

  /**
   * @param ownValues - what else the request contained: a success may repeat it unchanged, even if it is equal to a secret.
   */
  constructor(secrets: readonly string[], ownValues: Iterable<string> = []) {
    const spellings = secrets.filter((secret) => secret.trim() !== '').flatMap(spellingsOf);
    // Longest first, so that no part of a longer secret is left.
    this.#needles = [...new Set(spellings)].sort((one, other) => other.length - one.length);
    this.#ownValues = new Set([...ownValues].map((value) => value.toLowerCase()));
  }

  /** A message, a header or a web page. */
  text(text: string): string {
    if (!this.#mayContain(text)) return text;
    this.#pattern ??= new RegExp(this.#needles.map(sourceOf).join('|'), 'gu');
    return text.replace(this.#pattern, REDACTED);
  }

  response(raw: RawResponse): RawResponse {
    if (this.#needles.length === 0) return raw;
    const { status, headers, requestId, text } = raw;
    // Nearly all responses have nothing to redact, and looking once is a tenth of the work.
    if (typeof text === 'string' && !(text.includes('\\') && ESCAPED_JSON.test(text))) {
      let all = text;
      for (const name in headers) all += `\n${String(headers[name])}`;
      if (!this.#mayContain(all)) return raw;
    }
    return {
      ...raw,
      headers: this.headers(headers),
      requestId: requestId === undefined ? undefined : this.text(requestId),
      text: typeof text === 'string' ? this.#body(text, status) : this.error(text),
    };
  }

  /** The names are as the server spells them; they are never shown. */
  headers<Value>(headers: Readonly<Record<string, Value>>): Record<string, Value> {
    const redacted: Record<string, Value> = {};
    for (const name in headers) redacted[name] = this.#value(headers[name]!) as Value;
    return redacted;
  }

  /** undici's parser attaches the bytes that it could not parse. */
  error<E>(error: E): E {
    if (!(error instanceof Error)) return error;
    Reflect.deleteProperty(error, 'data');
    const message = this.text(error.message);
    if (message !== error.message) {
      error.stack = this.text(error.stack ?? '');
      error.message = message;
    }
    if (error.cause !== undefined) this.error(error.cause);
    return error;
  }

  /** JSON is parsed first, because it has many spellings for one text. */
  #body(text: string, status: number): string {
    if (!this.#mayContain(text) && !ESCAPED_JSON.test(text)) return text;
    const json = parseJsonObject(text);
    if (json === undefined) return this.text(text);
    return JSON.stringify(status < 300 ? this.#data(json) : this.#value(json));
  }

  /** Values of an error, or of headers. */
  #value(value: unknown): unknown {
    return mapTexts(value, (text) => (PROTOCOL_VALUE.test(text) ? text : this.text(text)));
  }

  /** Values of a success: data and not sentences, so a short secret is redacted only where it is the whole value. */
  #data(value: unknown): unknown {
    return mapTexts(value, (text) => {
      if (PROTOCOL_VALUE.test(text) || this.#ownValues.has(text.toLowerCase())) return text;
      return this.#needles.some(
        (needle) => (needle.length >= MIN_LENGTH_ANYWHERE && text.includes(needle)) || text === needle,
      )
        ? this.text(text)
        : text;
    });
  }

  #mayContain(text: string): boolean {
    return this.#needles.some((needle) => text.includes(needle));
  }
}

/** The secret as servers may repeat it. */
function spellingsOf(secret: string): readonly string[] {
  if (/^[\w.~-]+$/.test(secret)) return [secret, ...base64Of(secret)];
  const url = encodeUri(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    url,
    url.replaceAll('%20', '+'),
    url.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase()),
    secret.replaceAll(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? character),
    ...base64Of(secret),
  ];
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Half of a surrogate pair has no encoding. */
function encodeUri(secret: string): string {
  return encodeURIComponent(Buffer.from(secret).toString());
}

/** What base64 makes of the secret, with up to two bytes before it in the same group, as in `user:password`. */
function base64Of(secret: string): readonly string[] {
  if (secret.length < MIN_LENGTH_ANYWHERE) return [];
  const fragments: string[] = [];
  for (let before = 0; before < 3; before += 1) {
    const bytes = Buffer.from('\0'.repeat(before) + secret);
    // The first and the last characters also depend on the neighboring bytes.
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    const text = bytes.toString('base64');
    fragments.push(text.slice(first, last));
    if (before === 0) fragments.push(text.replace(/=+$/, ''));
  }
  const forUrls = fragments
    .filter((text) => /[+/]/.test(text))
    .map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...fragments, ...forUrls].filter((text) => text.length >= MIN_BASE64_FRAGMENT);
}

/** A regular expression for one spelling, without what may surround it where it is not the secret. */
function sourceOf(text: string): string {
  const escaped = text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu);
  const isMessageText = words?.every((word) => MESSAGE_WORDS.has(word)) ?? false;
  if (text.length <= MAX_LENGTH_AMBIGUOUS || isMessageText) {
    return BEFORE_DELIMITED + escaped + AFTER_DELIMITED;
  }
  return text.length < MIN_LENGTH_ANYWHERE ? BEFORE_VALUE + escaped + AFTER_VALUE : escaped;
}

/** Applies `redact` to all texts, numbers, and names other than ordinary names of fields, which are never secrets. */
function mapTexts(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number') {
    const text = String(value);
    return redact(text) === text ? value : REDACTED;
  }
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      /^\w{1,40}$/.test(name) && !/\d/.test(name) ? name : redact(name),
      mapTexts(item, redact),
    ]),
  );
}
