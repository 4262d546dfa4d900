import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import { didYouMean } from '../text.js';

/** One thing wrong with a YAML file. */
export interface YamlProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** One `key: value` of a YAML mapping. */
export interface YamlEntry {
  readonly key: string;
  readonly line: number;
  /** Null when nothing stands after the colon. */
  readonly value: Node | null;
}

/** Walks a YAML file that people write by hand: whatever is wrong is noted with its line, and reading goes on. */
export interface YamlReader {
  readonly root: YamlEntry;
  readonly problems: readonly YamlProblem[];
  /** Notes a problem; returns undefined, so that a reading function can end with it. */
  refuse(line: number, message: string): undefined;
  /** The entries of a mapping. Keys that are not among `keys` are refused with the nearest one; undefined allows any. */
  entriesOf(entry: YamlEntry, keys?: readonly string[]): readonly YamlEntry[];
  /** The items of a sequence, each as an entry that is called as the sequence is. */
  itemsOf(entry: YamlEntry): readonly YamlEntry[];
  /** What a value is, for those that may be written in several ways. */
  shapeOf(entry: YamlEntry): 'map' | 'list' | 'text' | 'number' | 'boolean' | 'nothing';
  /** The value of a scalar. */
  scalarOf(entry: YamlEntry): string | number | boolean | undefined;
}

/** Opens YAML 1.2 text. Syntax errors are among the problems from the start. */
export function readYaml(text: string): YamlReader {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
  const problems: YamlProblem[] = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    message: error.code === 'DUPLICATE_KEY' ? 'This key stands here a second time.' : `${error.message}.`,
  }));

  const resolved = (node: unknown): Node | null => {
    if (isAlias(node)) return node.resolve(document) ?? null;
    return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
  };
  const refuse = (line: number, message: string): undefined => {
    problems.push({ line, message });
  };

  return {
    root: { key: 'the mapping file', line: 1, value: resolved(document.contents) },
    problems,
    refuse,
    entriesOf(entry, keys) {
      if (entry.value !== null && !isMap(entry.value)) {
        refuse(entry.line, `${entry.key} takes keys with values below it, not a single value or a list.`);
      }
      if (!isMap(entry.value)) return [];
      const entries: YamlEntry[] = [];
      for (const pair of entry.value.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : '';
        const line = isScalar(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : entry.line;
        if (keys !== undefined && !keys.includes(key)) {
          refuse(
            line,
            `Unknown key "${key}" in ${entry.key}.${didYouMean(key, keys)} It takes: ${keys.join(', ')}.`,
          );
          continue;
        }
        entries.push({ key, line, value: resolved(pair.value) });
      }
      return entries;
    },
    itemsOf(entry) {
      if (!isSeq(entry.value)) return [entry];
      return entry.value.items.map((item) => {
        const value = resolved(item);
        return { key: entry.key, line: value?.range ? lineAt(value.range[0]) : entry.line, value };
      });
    },
    shapeOf({ value }) {
      if (isMap(value)) return 'map';
      if (isSeq(value)) return 'list';
      const scalar = isScalar(value) ? value.value : null;
      if (typeof scalar === 'string') return 'text';
      if (typeof scalar === 'number') return 'number';
      return typeof scalar === 'boolean' ? 'boolean' : 'nothing';
    },
    scalarOf({ value }) {
      const scalar = isScalar(value) ? value.value : undefined;
      const isPlain = typeof scalar === 'string' || typeof scalar === 'number' || typeof scalar === 'boolean';
      return isPlain ? scalar : undefined;
    },
  };
}
