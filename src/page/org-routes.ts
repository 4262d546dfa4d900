import type { OrgChange } from './api/state.js';
import { PageRequestError } from './page-error.js';
import { json, type Route } from './route.js';
import type { PageSession } from './session.js';

/** Replaces the org for this session. */
export function orgRoutes(session: PageSession): readonly Route[] {
  let last: OrgChange | undefined;
  return [
    {
      method: 'PUT',
      path: '/api/org',
      async handle({ body }) {
        assertNoRun(session);
        const typed = readOrgChange(body);
        last = typed;
        const org = await session.context.openTypedOrg(typed);
        // While the sign-in is in progress, a run can start, or another org can be entered in another tab.
        assertNoRun(session);
        if (last !== typed) {
          throw new PageRequestError('Another org was chosen in the meantime.', {
            status: 409,
            hint: 'See the top of the page for the org in use. To change it, choose the org again.',
          });
        }
        await session.replaceOrg(org);
        return json(session.state);
      },
    },
  ];
}

/** @throws {PageRequestError} */
function assertNoRun({ run }: PageSession): void {
  if (run === undefined || run.view.status === 'ended') return;
  throw new PageRequestError('A run is in progress in the current org.', {
    status: 409,
    hint: 'Wait until it ends, or pause it first.',
  });
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
