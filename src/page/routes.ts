import { columnsRoutes } from './columns/columns-routes.js';
import { fileRoutes } from './file/file-routes.js';
import type { Route } from './route.js';
import type { PageSession } from './session.js';
import { stateRoutes } from './state-routes.js';

/** Every request of the page, by step. Registers what the steps do when an earlier one changes. */
export function createRoutes(
  session: PageSession,
  control: { readonly close: () => void },
): readonly Route[] {
  return [...stateRoutes(control), ...fileRoutes(session), ...columnsRoutes(session)];
}
