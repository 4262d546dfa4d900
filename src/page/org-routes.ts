import type { OrgChange } from './api/state.js';
import { PageRequestError } from './page-error.js';
import { json, type Route } from './route.js';

/** Replaces the org for this session. */
export function orgRoutes(): readonly Route[] {
  return [
    {
      method: 'PUT',
      path: '/api/org',
      async handle({ session, body }) {
        const { run } = session;
        if (run !== undefined && run.view.status !== 'ended') {
          throw new PageRequestError('A run is in progress in the org that is set now.', {
            status: 409,
            hint: 'Wait for its end, or pause it first.',
          });
        }
        await session.replaceOrg(await session.context.openTypedOrg(readOrgChange(body)));
        return json(session.state);
      },
    },
  ];
}

/** Nothing of the body may be part of a message: it has a token. @throws {PageRequestError} */
function readOrgChange(body: unknown): OrgChange {
  if (typeof body === 'object' && body !== null && 'url' in body && 'token' in body) {
    const { url, token } = body;
    const isCustomDomain = 'isCustomDomain' in body && body.isCustomDomain === true;
    if (typeof url === 'string' && typeof token === 'string' && url !== '' && token !== '') {
      return { url, token, isCustomDomain };
    }
  }
  throw new PageRequestError('The address or the token is missing.', { hint: 'Fill in both.' });
}
