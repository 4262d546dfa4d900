/**
 * The name of the bucket that a request counts against (Okta's rate limits for management endpoints). It only keeps apart what
 * Okta counts apart: the size of a bucket comes from the response headers.
 *
 * @param path - with or without a query.
 */
export function bucketNameOf(method: string, path: string): string {
  // Nearly all requests of an import.
  if (path === '/api/v1/users') return path;
  const [, , , area, id, rest] = path.replace(/\?.*/s, '').split('/');
  if (area === 'users') {
    if (id === undefined || rest !== undefined) return '/api/v1/users';
    return method === 'GET' ? 'GET /api/v1/users/{id}' : '/api/v1/users/{id}';
  }
  if (area === 'groups') {
    return id === undefined || rest !== undefined ? '/api/v1/groups' : '/api/v1/groups/{id}';
  }
  return '/api/v1';
}
