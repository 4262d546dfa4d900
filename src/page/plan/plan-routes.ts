import { join } from 'node:path';

import type { PlannedRowsQuery } from '../api/plan.js';
import { PageRequestError, StepNotReadyError } from '../page-error.js';
import { json, type Route } from '../route.js';
import type { PageSession } from '../session.js';
import { assertIdle } from '../run/confirm.js';

import { removeAbandonedFiles } from './abandoned-files.js';
import { FILES_FOLDER, writePlanInput } from './plan-input.js';
import { parsePlanOptions } from './plan-options.js';
import { Plan } from './plan.js';

/** The step Plan. */
export function planRoutes({ context: { reports, clock } }: PageSession): readonly Route[] {
  // An unreadable folder is reported when something is written to it.
  removeAbandonedFiles(reports, join(reports, FILES_FOLDER), clock.now()).catch(() => {});
  return [
    {
      method: 'POST',
      path: '/api/plan',
      handle: async ({ session, body }) => {
        await startPlan(session, body);
        return json(session.state);
      },
    },
    {
      method: 'GET',
      path: '/api/plan/rows',
      handle: ({ session, query }) => {
        if (session.plan === undefined) {
          throw new StepNotReadyError('There is no plan yet.', { hint: 'Open the step Plan.' });
        }
        return json(session.plan.rows(toQuery(query)));
      },
    },
  ];
}

async function startPlan(session: PageSession, body: unknown): Promise<void> {
  assertIdle(session);
  const options = parsePlanOptions(body);
  session.rememberPlanOptions(options);
  const { org, file, columns, check } = session;
  const { connect } = org;
  if (connect === undefined) {
    throw new StepNotReadyError('There is no org to import into.', {
      hint: 'Choose the org at the top of the page.',
    });
  }
  const input = await writePlanInput(session);
  try {
    // While the rows are written, another tab can change anything.
    assertIdle(session);
    const isSame =
      session.org === org && session.file === file && session.columns === columns && session.check === check;
    if (!isSame) {
      throw new PageRequestError(
        'The file, its columns or the org changed while the import was being planned.',
        {
          status: 409,
          hint: 'Check the rows, then plan again.',
        },
      );
    }
  } catch (error) {
    await input.remove();
    throw error;
  }
  // The options were changed again: that request makes the plan.
  if (session.planOptions !== options) return input.remove();
  const plan = new Plan(session, input, { options, org, connect });
  await session.replace('plan', plan);
  plan.start();
}

const MAX_LIMIT = 500;

/** @throws {PageRequestError} */
function toQuery(query: URLSearchParams): PlannedRowsQuery {
  const numberOf = (name: string, fallback: number): number => {
    const value = Number(query.get(name) ?? fallback);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new PageRequestError(`${name} must be a whole number.`, { hint: 'Reload the page.' });
  };
  return {
    status: query.get('status') ?? undefined,
    search: query.get('search') ?? undefined,
    offset: numberOf('offset', 0),
    limit: Math.min(numberOf('limit', MAX_LIMIT), MAX_LIMIT),
  };
}
