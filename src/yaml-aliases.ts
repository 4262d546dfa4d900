import type * as Yaml from 'yaml';
import type { Alias, Document, Node } from 'yaml';

/** Thousands of attributes; aliases count as often as they are used. */
const MAX_VALUES = 20_000;
const MAX_DEPTH = 100;

/** What the aliases of a document stand for. */
export interface ResolvedAliases {
  readonly targets: ReadonlyMap<Alias, Node>;
}

/**
 * Resolves all aliases in one pass. A few lines of aliases of aliases can stand for more values than any memory holds, so
 * the values are counted without being repeated.
 *
 * @param report - is called for each duplicate key, and if the document cannot be used; with the offset in the text.
 * @returns undefined if the document cannot be used.
 */
export function resolveAliases(
  document: Document,
  { isAlias, isMap, isNode, isScalar, isSeq }: typeof Yaml,
  report: (offset: number, message: string) => void,
): ResolvedAliases | undefined {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  /** How many values a node stands for; missing while the node is being counted. */
  const counts = new Map<Node, number>();

  /** @returns undefined once a problem was reported. */
  const count = (node: unknown, depth: number): number | undefined => {
    if (!isNode(node)) return 1;
    const offset = node.range?.[0] ?? 0;
    const fail = (message: string): undefined => report(offset, message) as undefined;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      const values = target && counts.get(target);
      if (target === undefined || values === undefined) {
        return fail(`The alias *${node.source} contains itself.`);
      }
      targets.set(node, target);
      return values;
    }
    if (depth > MAX_DEPTH) return fail(`More than ${MAX_DEPTH} levels of nesting.`);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    let values = 1;
    const keys = new Set<unknown>();
    const children = isMap(node)
      ? node.items.flatMap(({ key, value }) => [key, value])
      : isSeq(node)
        ? node.items
        : [];
    for (const [index, child] of children.entries()) {
      if (isMap(node) && index % 2 === 0 && isScalar(child)) {
        if (keys.has(child.value)) report(child.range?.[0] ?? offset, 'Duplicate key.');
        keys.add(child.value);
      }
      const more = count(child, depth + 1);
      if (more === undefined) return undefined;
      values += more;
      if (values > MAX_VALUES) return fail(`More than ${MAX_VALUES} values, aliases included.`);
    }
    counts.set(node, values);
    return values;
  };

  return count(document.contents, 0) === undefined ? undefined : { targets };
}
