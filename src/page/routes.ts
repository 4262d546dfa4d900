import { checkRoutes } from './check/check-routes.js';
import { Columns, columnsRoutes } from './columns/columns-routes.js';
import { fileRoutes } from './file/file-routes.js';
import { planRoutes } from './plan/plan-routes.js';
import { orgRoutes } from './org-routes.js';
import type { Route } from './route.js';
import { runRoutes } from './run/run-routes.js';
import { runsRoutes } from './run/runs-routes.js';
import type { PageSession } from './session.js';
import { stateRoutes } from './state-routes.js';

/** Every request of the page, by step. Registers what the steps do when an earlier one changes. */
export function createRoutes(
  session: PageSession,
  control: { readonly close: () => void },
): readonly Route[] {
  const columns = new Columns(session);
  return [
    ...stateRoutes(control),
    ...orgRoutes(session),
    ...fileRoutes(session),
    ...columnsRoutes(session, columns),
    ...checkRoutes(session),
    ...planRoutes(session),
    ...runRoutes(),
    ...runsRoutes(session, (fileName, yaml) => columns.change({ kind: 'load', fileName, yaml })),
  ];
}
