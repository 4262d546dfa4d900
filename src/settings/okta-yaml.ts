import { didYouMean } from '../text.js';
import { readYaml, type YamlProblem, type YamlValue } from '../yaml-document.js';

import { SettingsError } from './error.js';
import { FOREIGN_YAML_KEYS, SETTINGS } from './setting-names.js';

/** The settings below `okta.client` in an okta.yaml. */
export interface OktaYaml {
  /** By key; lists joined by spaces, objects (a JWK) as JSON: as Okta's SDKs read them. */
  readonly values: ReadonlyMap<string, { readonly text: string; readonly line: number }>;
  readonly warnings: readonly string[];
}

const KNOWN_KEYS: readonly string[] = Object.values(SETTINGS).flatMap(({ yaml }) => yaml);

/**
 * Reads an okta.yaml, the file that Okta's SDKs and command-line tools share.
 *
 * @param name - the name of the file in messages.
 * @throws {SettingsError} it is not YAML, or a section is not a map; the message names the line.
 */
export function readOktaYaml(text: string, name: string): OktaYaml {
  const { root, problems } = readYaml(text, name);
  throwFirst(problems, name);
  const values = new Map<string, { text: string; line: number }>();
  const warnings: string[] = [];

  const okta = root.entries().find(({ key }) => key === 'okta');
  if (root.isMap && okta === undefined) {
    warnings.push(`${name} does not begin with "okta:", so nothing in it was used.`);
  }
  const client = okta?.entries().find(({ key }) => key === 'client');
  readSection(client?.entries() ?? [], '');
  throwFirst(problems, name);
  return { values, warnings };

  function readSection(section: readonly YamlValue[], prefix: string): void {
    for (const value of section) {
      const key = prefix + value.key;
      const { line } = value;
      if ((FOREIGN_YAML_KEYS as readonly string[]).includes(key)) continue;
      if (KNOWN_KEYS.some((known) => known.startsWith(`${key}.`))) {
        readSection(value.entries(), `${key}.`);
      } else if (!KNOWN_KEYS.includes(key)) {
        warnings.push(
          `${name}, line ${line}: unknown setting okta.client.${key}.${didYouMean(key, KNOWN_KEYS)}`,
        );
      } else {
        const text = textOf(value)?.trim() ?? '';
        if (text !== '') values.set(key, { text, line });
      }
    }
  }
}

function textOf(value: YamlValue): string | undefined {
  if (value.isMap) return JSON.stringify(value.toJS());
  if (value.isList) {
    return value
      .items()
      .map((item) => textOf(item) ?? '')
      .join(' ');
  }
  // As it was written: a token that looks like a number is still a token.
  return value.text;
}

function throwFirst([first]: readonly YamlProblem[], name: string): void {
  if (first === undefined) return;
  throw new SettingsError(`${name}, line ${first.line}: ${withoutQuotes(first.message)}`, {
    hint: 'Write it like this: okta: { client: { orgUrl: "https://acme.okta.com" } }.',
  });
}

/** The YAML parser quotes what it fails on, which may be a secret. */
function withoutQuotes(message: string): string {
  const [text = ''] = message.replaceAll(/["'`].*["'`]/gs, '…').split(':');
  return `${text.trim().replace(/\.$/, '')}.`;
}
