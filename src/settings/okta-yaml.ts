import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLMap,
} from 'yaml';

import { SettingsError } from './error.js';
import { FOREIGN_YAML_KEYS, SETTINGS } from './setting-names.js';
import { didYouMean } from '../text.js';

/** What an okta.yaml says below `okta.client`. */
export interface OktaYaml {
  /** By key; lists joined by blanks, objects (a JWK) as JSON: as Okta's SDKs read them. */
  readonly values: ReadonlyMap<string, { readonly text: string; readonly line: number }>;
  readonly warnings: readonly string[];
}

/**
 * Reads an okta.yaml, the file that Okta's SDKs and command-line tools share.
 *
 * @param name - what messages call the file.
 * @throws {SettingsError} it is no YAML, or of another shape; the message names the line.
 */
export function readOktaYaml(text: string, name: string): OktaYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineOf = (node: unknown): number => {
    const offset = isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
    return offset === undefined ? 1 : lineCounter.linePos(offset).line;
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const line = lineCounter.linePos(error.pos[0]).line;
    const why =
      error.code === 'DUPLICATE_KEY' ? 'this key stands here a second time' : wordsOf(error.message);
    throw new SettingsError(`${name}, line ${line}: ${why}.`, { hint: EXAMPLE });
  }

  const values = new Map<string, { text: string; line: number }>();
  const warnings: string[] = [];
  const root = sectionOf(document, document.contents, 'the file');
  if (root === undefined) return { values, warnings };
  const okta = sectionOf(document, root.get('okta', true), 'okta');
  if (okta === undefined) {
    warnings.push(`${name} has no "okta:" at its beginning, so nothing in it was read.`);
    return { values, warnings };
  }
  const client = sectionOf(document, okta.get('client', true), 'okta.client');
  readKeys(client, '');
  return { values, warnings };

  function readKeys(section: YAMLMap | undefined, prefix: string): void {
    for (const pair of section?.items ?? []) {
      const key = prefix + (isScalar(pair.key) ? String(pair.key.value) : '');
      const line = lineOf(pair.key);
      if ((FOREIGN_YAML_KEYS as readonly string[]).includes(key)) continue;
      if (KNOWN_KEYS.some((known) => known.startsWith(`${key}.`))) {
        readKeys(sectionOf(document, pair.value, `okta.client.${key}`), `${key}.`);
        continue;
      }
      if (!KNOWN_KEYS.includes(key)) {
        warnings.push(
          `${name}, line ${line}: okta.client.${key} is no setting that is known.${didYouMean(key, KNOWN_KEYS)}`,
        );
        continue;
      }
      const value = textOf(document, pair.value);
      if (value !== undefined && value.trim() !== '') values.set(key, { text: value.trim(), line });
    }
  }

  function sectionOf(within: Document, node: unknown, what: string) {
    const resolved = isAlias(node) ? node.resolve(within) : node;
    if (isMap(resolved)) return resolved;
    if (resolved === null || resolved === undefined || (isScalar(resolved) && resolved.value === null)) {
      return undefined;
    }
    throw new SettingsError(
      `${name}, line ${lineOf(resolved)}: ${what} must have keys below it, not a value.`,
      {
        hint: EXAMPLE,
      },
    );
  }
}

const EXAMPLE = 'Write it like this: okta: { client: { orgUrl: "https://acme.okta.com" } }.';

const KNOWN_KEYS: readonly string[] = Object.values(SETTINGS).flatMap(({ yaml }) => yaml);

function textOf(document: Document, node: unknown): string | undefined {
  const resolved = isAlias(node) ? node.resolve(document) : node;
  // As it was written: a token that looks like a number is a token all the same.
  if (isScalar(resolved)) {
    if (resolved.value === null) return undefined;
    return typeof resolved.value === 'string' ? resolved.value : resolved.source;
  }
  if (isSeq(resolved)) return resolved.items.map((item) => textOf(document, item) ?? '').join(' ');
  return isMap(resolved) ? JSON.stringify(resolved.toJS(document)) : undefined;
}

/** The parser quotes what it stumbles over, and that may be a secret. */
function wordsOf(message: string): string {
  return `the YAML cannot be read (${message.replaceAll(/["'`].*["'`]|:.*$/gs, '…').trim()})`;
}
