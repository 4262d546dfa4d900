/** Severity of an event. */
export type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * Every event of a log, with its level and fields. Names and fields are a contract that log pipelines depend on.
 * `docs/logs.md` describes them, and a test compares the two.
 */
export const EVENTS = {
  'run.started': {
    level: 'info',
    fields: ['command', 'runId', 'folder', 'file', 'sha256', 'records', 'org', 'isResumed'],
  },
  progress: {
    level: 'info',
    fields: ['rows', 'records', 'counts', 'rowsPerMinute', 'secondsLeft', 'waitingFor'],
  },
  'row.failed': {
    level: 'warn',
    fields: ['row', 'line', 'login', 'status', 'errorCode', 'message', 'requestId'],
  },
  'run.interrupted': { level: 'warn', fields: ['signal'] },
  'run.ended': {
    level: 'info',
    fields: [
      'command',
      'runId',
      'folder',
      'file',
      'sha256',
      'org',
      'counts',
      'sync',
      'requests',
      'durationMs',
      'exitCode',
      'stoppedBecause',
      'next',
    ],
  },
  note: { level: 'info', fields: [] },
  warning: { level: 'warn', fields: [] },
  error: { level: 'error', fields: ['code', 'hint', 'exitCode', 'stack'] },
  'request.answered': {
    level: 'debug',
    fields: ['method', 'path', 'bucket', 'status', 'durationMs', 'requestId', 'remaining', 'limit'],
  },
  'request.unanswered': {
    level: 'debug',
    fields: ['method', 'path', 'bucket', 'durationMs', 'reason'],
  },
  'request.retried': { level: 'debug', fields: ['method', 'path', 'failedTries', 'pauseMs', 'reason'] },
  'wait.started': { level: 'debug', fields: ['bucket', 'seconds', 'limit'] },
  'wait.ended': { level: 'debug', fields: ['bucket', 'seconds'] },
} as const satisfies Readonly<Record<string, { readonly level: Level; readonly fields: readonly string[] }>>;

export type EventName = keyof typeof EVENTS;

/** The fields of an event; undefined ones are omitted. */
export type FieldsOf<E extends EventName> = Readonly<Record<(typeof EVENTS)[E]['fields'][number], unknown>>;
