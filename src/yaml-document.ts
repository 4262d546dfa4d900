import type * as Yaml from 'yaml';
import type { Node } from 'yaml';

import { lazyRequire } from './lazy-require.js';
import { didYouMean } from './text.js';
import { resolveAliases } from './yaml-aliases.js';

/** In characters: a hundred times the largest mapping file that anybody has written. */
const MAX_LENGTH = 256 * 1024;

/** One thing wrong with a YAML file. */
export interface YamlProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** A value in a YAML file, with the key that it is under. Aliases are resolved. */
export interface YamlValue {
  readonly key: string;
  /** The line of the key; of the item itself in a list. */
  readonly line: number;
  readonly isMap: boolean;
  readonly isList: boolean;
  /** Undefined for maps, lists and null. */
  readonly scalar: string | number | boolean | undefined;
  /** A scalar as it is written in the file, without quotes; undefined for null. */
  readonly text: string | undefined;
  /** The values of a map. Unknown keys are reported and left out, if `knownKeys` are given; so is a value that is not a map. */
  entries(knownKeys?: readonly string[]): readonly YamlValue[];
  /** The items of a list, each under the list's key; any other value as the only item. */
  items(): readonly YamlValue[];
  /** The value as plain data. */
  toJS(): unknown;
  /** Adds a problem on this line. Returns undefined, so that a reading function can end with it. */
  report(message: string): undefined;
}

/**
 * Opens a YAML 1.2 file for reading by hand, so that all problems are reported at once, each with its line.
 *
 * @param name - What messages call the file.
 * @returns `problems` holds the syntax errors, and grows with each `report`.
 */
export function readYaml(text: string, name: string): { root: YamlValue; problems: readonly YamlProblem[] } {
  const yaml: typeof Yaml = lazyRequire('yaml');
  const { isAlias, isMap, isScalar, isSeq, LineCounter } = yaml;
  const lineCounter = new LineCounter();
  const isTooLong = text.length > MAX_LENGTH;
  // The parser's own check for duplicate keys takes time by the square of their number.
  const options = { lineCounter, prettyErrors: false, uniqueKeys: false };
  const document = yaml.parseDocument(isTooLong ? '' : text, options);
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
  const problems: YamlProblem[] = document.errors.map(({ pos, message }) => ({
    line: lineAt(pos[0]),
    message: `${message}.`,
  }));
  if (isTooLong) problems.push({ line: 1, message: `More than ${MAX_LENGTH / 1024} KB of text.` });
  // What a parser makes of broken YAML is a guess.
  const aliases =
    problems.length > 0
      ? undefined
      : resolveAliases(document, yaml, (offset, message) => {
          problems.push({ line: lineAt(offset), message });
        });

  const valueOf = (key: string, line: number, unresolved: unknown): YamlValue => {
    const node = isAlias(unresolved) ? aliases?.targets.get(unresolved) : unresolved;
    const scalar = isScalar(node) ? node.value : undefined;
    const isPlain = typeof scalar === 'string' || typeof scalar === 'number' || typeof scalar === 'boolean';
    const report = (message: string, at = line): undefined => {
      problems.push({ line: at, message });
    };
    return {
      key,
      line,
      isMap: isMap(node),
      isList: isSeq(node),
      scalar: isPlain ? scalar : undefined,
      text: typeof scalar === 'string' ? scalar : isPlain && isScalar(node) ? node.source : undefined,
      entries(knownKeys) {
        if (!isMap(node)) {
          const isNothing = node === null || node === undefined || scalar === null;
          if (!isNothing) report(`Expected keys in ${key}, not a single value or a list.`);
          return [];
        }
        return node.items.flatMap((pair) => {
          const name = isScalar(pair.key) ? String(pair.key.value) : '';
          const at = isScalar(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : line;
          if (knownKeys === undefined || knownKeys.includes(name)) return [valueOf(name, at, pair.value)];
          const near = didYouMean(name, knownKeys);
          report(`Unknown key "${name}" in ${key}.${near} Known keys: ${knownKeys.join(', ')}.`, at);
          return [];
        });
      },
      items() {
        if (!isSeq<Node>(node)) return [this];
        return node.items.map((item) => valueOf(key, item.range ? lineAt(item.range[0]) : line, item));
      },
      toJS: () => (isMap(node) || isSeq(node) ? node.toJS(document, { maxAliasCount: -1 }) : scalar),
      report: (message) => report(message),
    };
  };
  return { root: valueOf(name, 1, aliases && document.contents), problems };
}
