/** What the org's web server makes of a request target before the API sees it. */
export type RequestPath =
  | { readonly kind: 'target'; readonly target: string }
  /** 400 with a page of the web server. */
  | { readonly kind: 'has-backslash' }
  /** 405: an encoded slash in a segment. */
  | { readonly kind: 'has-encoded-slash' };

/** Characters that the web server treats specially, encoded or not. */
const SPECIAL = /;|%3b|\\|%5c|%2f|\/(?:\.|%2e)/i;

/**
 * Decodes the segments of the path as Okta's web server does: `;` and the rest of a segment are dropped, `.` and `..` are resolved.
 * The user `zoe;x@example.com` is therefore read as `zoe`, and `.` as the list of users.
 */
export function requestPath(url: string): RequestPath {
  const end = url.search(/[?#]/);
  const path = end < 0 ? url : url.slice(0, end);
  if (!SPECIAL.test(path)) return { kind: 'target', target: url };
  const kept: string[] = [];
  for (const sent of path.split('/')) {
    const segment = decoded(sent);
    if (segment === undefined) return { kind: 'target', target: url };
    if (segment.includes('\\')) return { kind: 'has-backslash' };
    if (segment.includes('/')) return { kind: 'has-encoded-slash' };
    const [text = ''] = segment.split(';', 1);
    if (text === '..') kept.pop();
    else if (text !== '.') kept.push(encodeURIComponent(text));
  }
  return { kind: 'target', target: kept.join('/') + (end < 0 ? '' : url.slice(end)) };
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // URIError is the only error: the router reports it.
    return undefined;
  }
}
