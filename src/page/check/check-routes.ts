import type { CellText, RowsPage } from '../api/check.js';
import { PageRequestError, StepNotReadyError } from '../page-error.js';
import { json, type PageRequest, type Route } from '../route.js';
import type { PageSession } from '../session.js';
import type { FileStep, OpenTable } from '../steps.js';

import {
  readCount,
  readEdits,
  readExcluded,
  readFilter,
  readFix,
  readPosition,
  readRowsQuery,
} from './check-bodies.js';
import { SheetCheck } from './check-step.js';
import { readSheet, type ReadSheetOptions } from './read-sheet.js';
import type { Sheet } from './sheet.js';

/** The step Check. Rows are read and checked when the person goes there. */
export function checkRoutes(session: PageSession): readonly Route[] {
  const sheets = new Sheets();
  session.on('file', () => sheets.forget(session.file));
  // Its schema and its groups are others. Where another org has followed meanwhile, that one starts the check.
  session.on('org', async (_, org) => {
    if (session.check !== undefined && session.org === org) await startCheck(session, sheets);
  });
  return [
    {
      method: 'POST',
      path: '/api/check',
      async handle() {
        if (session.check === undefined || session.check.state.status === 'failed') {
          await startCheck(session, sheets);
        }
        return json(session.state);
      },
    },
    {
      method: 'GET',
      path: '/api/rows',
      handle: ({ query }) => json(current(session).rows(readRowsQuery(query)) satisfies RowsPage),
    },
    {
      method: 'GET',
      path: '/api/rows/next',
      handle: ({ query }) => json(current(session).next(readFilter(query), readPosition(query))),
    },
    {
      method: 'GET',
      path: '/api/cell',
      handle({ query }) {
        const text = current(session).cellText(readCount(query, 'row') ?? 0, readCount(query, 'column') ?? 0);
        return json({ text } satisfies CellText);
      },
    },
    change('POST', '/api/edits', (check, { body }) =>
      check.edit({
        cells: readEdits(body, check.limits).map(({ row, column, value }) => ({ row, column, text: value })),
      }),
    ),
    change('POST', '/api/edits/undo', (check, { query }) => check.undo(readFilter(query))),
    change('POST', '/api/edits/redo', (check, { query }) => check.redo(readFilter(query))),
    change('POST', '/api/fixes', (check, { body }) => check.fix(readFix(body, check.limits))),
    change('PUT', '/api/excluded', (check, { body }) => check.exclude(readExcluded(body))),
    {
      method: 'POST',
      path: '/api/fixes/preview',
      handle({ body }) {
        const check = current(session);
        return json(check.preview(readFix(body, check.limits)));
      },
    },
  ];

  function change(
    method: 'POST' | 'PUT',
    path: string,
    make: (check: SheetCheck, request: PageRequest) => Promise<unknown>,
  ): Route {
    return {
      method,
      path,
      async handle(request) {
        const check = current(session);
        const { file } = session;
        const result = await make(check, request);
        if (session.check !== check) throw replacedError(session.file === file);
        session.send({ kind: 'check', check: check.state });
        if (session.plan !== undefined) session.send({ kind: 'plan', plan: session.plan.state });
        return json(result);
      },
    };
  }
}

/** @throws {StepNotReadyError} */
function current(session: PageSession): SheetCheck {
  const { check } = session;
  if (check instanceof SheetCheck) return check;
  throw new StepNotReadyError('The rows have not been checked yet.', { hint: 'Open the step Check.' });
}

/** Another tab has replaced the step while a cell was changed. */
function replacedError(isSameFile: boolean): PageRequestError {
  return isSameFile
    ? new PageRequestError('The rows are being checked again.', {
        status: 409,
        hint: 'Your change was saved. It appears when the check finishes.',
      })
    : new PageRequestError('Another file was opened in another tab.', {
        status: 409,
        hint: 'Your change was not saved. This page now shows the other file.',
      });
}

/** @throws {StepNotReadyError} */
async function startCheck(session: PageSession, sheets: Sheets): Promise<void> {
  const { file } = session;
  const table = file?.table;
  const mappingFile = session.columns?.mappingFile;
  if (file === undefined || table === undefined || mappingFile === undefined) {
    throw new StepNotReadyError('The rows cannot be checked yet.', {
      hint: 'First choose a file, and map its columns.',
    });
  }
  const check: SheetCheck = new SheetCheck({
    table,
    mappingFile,
    connect: session.org.connect,
    clock: session.context.clock,
    nextRevision: () => sheets.nextRevision(),
    openSheet: (signal, onProgress) => sheets.open(file, table, { signal, onProgress }),
    onProgress: () => {
      if (session.check === check) session.send({ kind: 'check', check: check.state });
    },
    onEnd: () => session.changed(),
  });
  sheets.follow(check);
  await session.replace('check', check);
}

/** Keeps the rows with their edits while the person changes what the columns mean. */
class Sheets {
  #file: FileStep | undefined;
  #sheet: Sheet | undefined;
  #check: SheetCheck | undefined;
  #revision = 0;

  nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  /** @param check - the one that uses the sheet from now on. */
  follow(check: SheetCheck): void {
    this.#check = check;
  }

  async open(file: FileStep, table: OpenTable, options: ReadSheetOptions): Promise<Sheet> {
    // Changes that were requested of the check before are made first.
    await this.#check?.settled();
    if (this.#file === file && this.#sheet !== undefined) return this.#sheet;
    const sheet = await readSheet(table, options);
    options.signal.throwIfAborted();
    this.#file = file;
    this.#sheet = sheet;
    return sheet;
  }

  /** @param file - the one that may still be used. */
  forget(file: FileStep | undefined): void {
    if (file === this.#file) return;
    this.#file = undefined;
    this.#sheet = undefined;
  }
}
