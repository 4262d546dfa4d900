/** What a router needs to know of a route; the rest is the caller's. */
export interface RoutePattern {
  readonly method: string;
  /** Segments that begin with a colon are parameters and match any text that is not empty: `/users/:user/groups`. */
  readonly path: string;
}

export type RouteMatch<Route> =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The path exists, but with other methods. */
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'unknown-path' }
  /** The percent-encoding of the path is broken. */
  | { readonly kind: 'malformed-path' };

/** One segment of the known paths, as a node of a tree. */
interface Node<Route> {
  readonly literals: Map<string, Node<Route>>;
  parameter: Node<Route> | undefined;
  readonly routes: Map<string, { readonly route: Route; readonly parameterNames: readonly string[] }>;
}

/**
 * Finds routes by method and request target. Parameters are percent-decoded after the path has been split, so an encoded slash
 * stays part of its parameter. Where a literal segment and a parameter both match, the literal wins.
 */
export class Router<Route extends RoutePattern> {
  readonly #root: Node<Route> = emptyNode();

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#add(route);
  }

  /** @param target - The request target as sent: path and query, or an absolute URL. */
  match(method: string, target: string): RouteMatch<Route> {
    const segments = segmentsOf(target);
    if (!segments) return { kind: 'malformed-path' };
    const found = search(this.#root, segments, 1, []);
    if (!found) return { kind: 'unknown-path' };
    const entry = found.node.routes.get(method);
    if (!entry) return { kind: 'wrong-method' };
    const params: Record<string, string> = {};
    for (const [index, name] of entry.parameterNames.entries()) params[name] = found.values[index] ?? '';
    return { kind: 'found', route: entry.route, params };
  }

  #add(route: Route): void {
    let node = this.#root;
    const parameterNames: string[] = [];
    for (const segment of route.path.split('/').slice(1)) {
      if (segment.startsWith(':')) {
        parameterNames.push(segment.slice(1));
        node = node.parameter ??= emptyNode();
      } else {
        const next = node.literals.get(segment) ?? emptyNode();
        node.literals.set(segment, next);
        node = next;
      }
    }
    node.routes.set(route.method, { route, parameterNames });
  }
}

function emptyNode<Route>(): Node<Route> {
  return { literals: new Map(), parameter: undefined, routes: new Map() };
}

/** The decoded segments of the path, the empty one before the first slash included; `undefined` when one cannot be decoded. */
function segmentsOf(target: string): string[] | undefined {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  const segments = path.split('/');
  if (!path.includes('%')) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    // URIError is the only error of decodeURIComponent.
    return undefined;
  }
}

function search<Route>(
  node: Node<Route>,
  segments: readonly string[],
  depth: number,
  values: readonly string[],
): { readonly node: Node<Route>; readonly values: readonly string[] } | undefined {
  const segment = segments[depth];
  if (segment === undefined) return node.routes.size > 0 ? { node, values } : undefined;
  const literal = node.literals.get(segment);
  const found = literal && search(literal, segments, depth + 1, values);
  if (found || !node.parameter || segment === '') return found;
  return search(node.parameter, segments, depth + 1, [...values, segment]);
}
