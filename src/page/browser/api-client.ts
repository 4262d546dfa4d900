import type { ApiError, PageState } from '../api/state.js';
import type { MappingChange } from '../api/columns.js';
import type { Reading } from '../api/file.js';
import type { PlannedRowsPage, PlannedRowsQuery, PlanOptions } from '../api/plan.js';
import type { ActionOptions, ActionPlan, ActionRequest, ListedRunView, RunAction } from '../api/run.js';
import type {
  CellText,
  Edit,
  EditResult,
  ExcludedChange,
  FixPreview,
  FixRequest,
  NextProblem,
  RowsFilter,
  RowsPage,
  RowsQuery,
} from '../api/check.js';
import type { OrgChange } from '../api/state.js';
import { RequestError } from './request-error.js';
import { texts } from './texts.js';

export type ApiClient = ReturnType<typeof createApiClient>;

/** The requests of the page: see the table in `api/state.ts`. Each one that fails rejects with a `RequestError`. */
export function createApiClient(fetch: typeof globalThis.fetch) {
  async function request<T>(method: string, path: string, body?: BodyInit): Promise<T> {
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        ...(body !== undefined && { body }),
        headers:
          body === undefined
            ? {}
            : { 'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream' },
      });
    } catch {
      throw new RequestError({ code: 'ERR_PROGRAM_NOT_RUNNING', ...texts.connection.lost });
    }
    if (!response.ok) throw await toRequestError(response);
    return response.json();
  }
  const get = <T>(path: string): Promise<T> => request('GET', path);
  const send = <T>(method: string, path: string, body: unknown = {}): Promise<T> =>
    request(method, path, JSON.stringify(body));

  return {
    readState: () => get<PageState>('/api/state'),
    close: () => send<unknown>('POST', '/api/close'),

    chooseFile: (file: File) =>
      request<PageState>('PUT', `/api/file?name=${encodeURIComponent(file.name)}`, file),
    changeReading: (reading: Reading) => send<PageState>('PUT', '/api/reading', reading),
    changeMapping: (change: MappingChange) => send<PageState>('PUT', '/api/mapping', change),
    changeOrg: (change: OrgChange) => send<PageState>('PUT', '/api/org', change),

    startCheck: () => send<PageState>('POST', '/api/check'),
    readRows: (query: RowsQuery) => get<RowsPage>(`/api/rows?${toQuery(query)}`),
    readNextProblem: (
      filter: RowsFilter,
      from: { readonly row: number; readonly column: number; readonly direction: 1 | -1 },
    ) => get<NextProblem>(`/api/rows/next?${toQuery({ ...filter, ...from })}`),
    readCell: (row: number, column: number) => get<CellText>(`/api/cell?row=${row}&column=${column}`),
    edit: (edits: readonly Edit[]) => send<EditResult>('POST', '/api/edits', edits),
    undoEdit: (filter: RowsFilter) => send<EditResult>('POST', `/api/edits/undo?${toQuery(filter)}`),
    redoEdit: (filter: RowsFilter) => send<EditResult>('POST', `/api/edits/redo?${toQuery(filter)}`),
    previewFix: (fix: FixRequest) => send<FixPreview>('POST', '/api/fixes/preview', fix),
    applyFix: (fix: FixRequest) => send<EditResult>('POST', '/api/fixes', fix),
    exclude: (change: ExcludedChange) => send<EditResult>('PUT', '/api/excluded', change),

    startPlan: (options: PlanOptions) => send<PageState>('POST', '/api/plan', options),
    readPlannedRows: (query: PlannedRowsQuery) => get<PlannedRowsPage>(`/api/plan/rows?${toQuery(query)}`),

    startRun: (org: string) => send<PageState>('POST', '/api/run', { org }),
    pauseRun: () => send<PageState>('POST', '/api/run/pause'),
    correctFailedRows: (runId: string) =>
      send<PageState>('POST', `/api/runs/${encodeURIComponent(runId)}/correct`),

    listRuns: () => get<readonly ListedRunView[]>('/api/runs'),
    planAction: (runId: string, action: RunAction, options: ActionOptions) =>
      send<ActionPlan>('POST', `/api/runs/${encodeURIComponent(runId)}/plan`, { action, options }),
    startAction: (runId: string, action: ActionRequest) =>
      send<PageState>('POST', `/api/runs/${encodeURIComponent(runId)}/actions`, action),
  };
}

function toQuery(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

async function toRequestError(response: Response): Promise<RequestError> {
  const { status } = response;
  if (status === 401 || status === 403) {
    return new RequestError({ code: 'ERR_STALE_ADDRESS', status, ...texts.connection.stale });
  }
  const body: Partial<ApiError> | undefined = await response.json().catch(() => undefined);
  const { code = 'ERR_UNEXPECTED', message = texts.connection.unexpected(status), hint } = body?.error ?? {};
  return new RequestError({ code, message, hint, status });
}
