import type { OutcomeStatus } from '../rows/outcome.js';

import type { JournalLine } from './journal-line.js';

/** Whether a value read from a journal is what this program writes there; fields that it does not know are ignored. */
type Check = (value: unknown) => boolean;

/** More than any file has; keeps a changed number from being taken for a row. */
const MAX_ROWS = 100_000_000;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isRow: Check = (value) => isCount(value) && Number(value) >= 1 && Number(value) <= MAX_ROWS;
const isAny: Check = (value) => value !== undefined;

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function objectOf(fields: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(fields);
  return (value) => isObject(value) && checks.every(([name, check]) => check(value[name]));
}

function both(one: Check, other: Check): Check {
  return (value) => one(value) && other(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One character that can separate cells. */
const isDelimiter: Check = (value) =>
  typeof value === 'string' && value.length === 1 && !/["\r\n]/.test(value);

/** The largest are UTC-12 and UTC+14. */
const isOffset: Check = (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 24 * 60;

const isDate: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

const isHiddenRowsAction: Check = (value) => value === 'include' || value === 'skip';

const isRunSettings = objectOf({
  mapping: optional(isText),
  activate: isFlag,
  changePassword: isFlag,
  groups: listOf(isText),
  userType: optional(isText),
  only: optional(isText),
  ignoreColumns: listOf(isText),
  encoding: optional(isText),
  delimiter: optional(isText),
  sendEmail: optional(isFlag),
  headerRow: optional(isRow),
  hiddenRows: optional(isHiddenRowsAction),
  mergesRows: optional(isFlag),
  links: optional(isText),
  letter: optional(isText),
  linkDays: optional(isNumber),
});

const isRun = objectOf({
  runId: isText,
  version: isText,
  command: isText,
  org: isText,
  startedAt: isDate,
  startedAtOrgMs: isNumber,
  startedBy: optional(
    objectOf({
      user: optional(isText),
      host: optional(isText),
      timeZone: optional(isText),
      utcOffsetMinutes: isOffset,
    }),
  ),
  settings: isRunSettings,
  retry: optional(objectOf({ runId: isText, folder: isText, lines: listOf(isCount) })),
  mapping: optional(objectOf({ sha256: isText, content: isText })),
  file: objectOf({
    name: isText,
    path: isText,
    sizeBytes: isCount,
    sha256: isText,
    encoding: isText,
    delimiter: isDelimiter,
    sheet: optional(isText),
    headerLine: optional(isRow),
    joinedHeader: optional(objectOf({ names: listOf(isText), lastLine: isRow })),
    guessedOnLine: optional(isCount),
    records: (value) => isCount(value) && Number(value) <= MAX_ROWS,
    secretColumns: optional(listOf(isCount)),
  }),
});

const isChange = objectOf({ attribute: isText, from: isAny, to: isAny });
const isUser = objectOf({ oktaId: isText, userStatus: isText });
const isLifecycle = objectOf({ step: isText, from: isText });
const isUpdated = both(
  isUser,
  objectOf({
    changes: listOf(isChange),
    joined: listOf(isText),
    left: optional(listOf(isText)),
    lifecycle: optional(isLifecycle),
  }),
);
const isCreated = both(isUser, objectOf({ profileDigest: isText, lacks: optional(isText) }));
const hasId = objectOf({ oktaId: isText });
const hasReason: Check = (value) => isObject(value) && (isText(value['because']) || isText(value['reason']));

const isWritten: Check = (value) =>
  isObject(value) &&
  (value['status'] === 'created' ? isCreated(value) : value['status'] === 'updated' && isUpdated(value));

const RESULTS: Readonly<Record<OutcomeStatus, Check>> = {
  created: isCreated,
  updated: isUpdated,
  unchanged: isUser,
  exists: isUser,
  suspended: both(isUser, objectOf({ lifecycle: isLifecycle })),
  deactivated: both(isUser, objectOf({ lifecycle: isLifecycle })),
  leaver: hasId,
  'would-suspend': hasId,
  'would-deactivate': hasId,
  invalid: objectOf({ problems: listOf(objectOf({ code: isText, message: isText })) }),
  failed: objectOf({
    error: objectOf({ errorCode: isText, message: isText }),
    done: optional(isWritten),
    conflict: optional(isText),
  }),
  'not-attempted': hasReason,
  valid: isObject,
  'would-create': isObject,
  'would-update': both(isUser, objectOf({ changed: listOf(isText) })),
  removed: hasId,
  restored: hasId,
  activated: hasId,
  reminded: hasId,
  kept: both(isUser, hasReason),
};

const isOutcomeBase = objectOf({
  row: isRow,
  line: isCount,
  login: optional(isText),
  attempts: isCount,
  durationMs: isNumber,
  status: isText,
});

const isOutcome: Check = (value) =>
  isObject(value) &&
  isOutcomeBase(value) &&
  Object.entries(RESULTS).some(([status, isResult]) => status === value['status'] && isResult(value));

const LINES: Readonly<Record<JournalLine['type'], Check>> = {
  run: isRun,
  attempt: objectOf({
    row: isRow,
    line: isCount,
    login: isText,
    orgMs: isNumber,
    endMs: optional(isNumber),
    update: optional(
      objectOf({
        oktaId: isText,
        changes: listOf(isChange),
        joins: listOf(isText),
        finishes: optional(isFlag),
        leaves: optional(listOf(isText)),
        lifecycle: optional(isLifecycle),
      }),
    ),
  }),
  clock: objectOf({ shiftMs: isNumber }),
  group: objectOf({ groupId: isText, name: isText }),
  member: objectOf({
    row: isRow,
    key: isText,
    login: isText,
    digest: isText,
    values: (value) => isObject(value) && Object.values(value).every(isText),
    isStaged: optional(isFlag),
  }),
  outcome: isOutcome,
  sample: objectOf({
    atMs: isNumber,
    rows: (value) => isObject(value) && Object.values(value).every(isCount),
    sent: isNumber,
    retried: isNumber,
    rateLimited: isNumber,
    concurrencyLimited: isNumber,
    waits: isNumber,
    waitedMs: isNumber,
    waitingUntilMs: optional(isNumber),
    latency: objectOf({ from: isCount, counts: listOf(isCount) }),
  }),
  resumed: objectOf({ at: isText, version: isText }),
  finished: objectOf({
    at: isText,
    exitCode: isCount,
    stoppedBecause: (value) => value === undefined || value === null || isText(value),
  }),
};

/** Parses a journal line without its seal. @returns undefined when it is none. */
export function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isJournalLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isJournalLine(value: unknown): value is JournalLine {
  return (
    isObject(value) && Object.entries(LINES).some(([type, isLine]) => type === value['type'] && isLine(value))
  );
}
