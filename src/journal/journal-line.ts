import type { Change, LifecycleChange, RowOutcome, WrittenChange } from '../rows/outcome.js';

import type { Sample } from './progress-samples.js';

export const JOURNAL_FILE = 'journal.ndjson';

/** What a run is about: the first line of its journal. Holds no secret. */
export interface RunDescription {
  readonly runId: string;
  /** Of this program. */
  readonly version: string;
  readonly command: string;
  readonly file: {
    readonly name: string;
    /** Absolute; where `resume` looks for the file first. */
    readonly path: string;
    /** Whether `path` is a copy of the named file, with the edits of the local page. Absent if it is not. */
    readonly isEdited?: boolean | undefined;
    readonly sizeBytes: number;
    readonly sha256: string;
    readonly encoding: string;
    readonly delimiter: string;
    /** Name of the sheet that was read; undefined unless the file is a workbook. Absent from older journals. */
    readonly sheet?: string | undefined;
    /** Line on which the header starts. Absent from older journals, for which it is the first line that is not blank. */
    readonly headerLine?: number | undefined;
    /** The names of a header that is spread over two lines, and the second of them. Absent for other headers. */
    readonly joinedHeader?: { readonly names: readonly string[]; readonly lastLine: number } | undefined;
    /** For an encoding that was guessed: the line from which. Absent from older journals. */
    readonly guessedOnLine?: number | undefined;
    /** Number of rows. */
    readonly records: number;
    /** Indexes of the columns that hold secrets, which `failed.csv` never shows. Absent from older journals. */
    readonly secretColumns?: readonly number[] | undefined;
  };
  /** URL of the org. */
  readonly org: string;
  /** Absent from older journals, and from imports of the library. */
  readonly startedBy?: StartedBy | undefined;
  /** ISO 8601, by this machine's clock. */
  readonly startedAt: string;
  /** The earliest that the org's clock can have shown then, epoch milliseconds; compared with `created` of users. */
  readonly startedAtOrgMs: number;
  /** The options that decide what is done with a row. */
  readonly settings: RunSettings;
  /** Absent unless the run retries failed rows of another one, and from older journals. */
  readonly retry?: Retry | undefined;
  /** The mapping file at the start of the run. Absent without one, and from older journals. */
  readonly mapping?: { readonly sha256: string; readonly content: string } | undefined;
}

/** The first run of which a file holds failed rows, corrected. */
export interface Retry {
  readonly runId: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  /** The line of each row in the file of that run, by row; 0 for a row that it did not have. */
  readonly lines: readonly number[];
}

/** Whether a run sends the rows of a file, rather than changing what another run did. */
export function sendsRows({ command }: Pick<RunDescription, 'command'>): boolean {
  return command === 'import' || command === 'sync';
}

/** Who started a run, where, and in which time zone its times are shown. */
export interface StartedBy {
  /** Name of the account on the machine. */
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  /** Name of the time zone, such as `Central European Standard Time`. */
  readonly timeZone?: string | undefined;
  /** Difference from UTC in this time zone when the run started. */
  readonly utcOffsetMinutes: number;
}

export interface RunSettings {
  readonly mapping: string | undefined;
  readonly activate: boolean;
  readonly changePassword: boolean;
  readonly groups: readonly string[];
  readonly userType: string | undefined;
  readonly only: string | undefined;
  readonly ignoreColumns: readonly string[];
  readonly encoding: string | undefined;
  readonly delimiter: string | undefined;
  /** Absent from older journals, as are the next three. */
  readonly sheet?: string | undefined;
  /** The line of the header, if the user set it. Absent from older journals. */
  readonly headerRow?: number | undefined;
  readonly hiddenRows?: HiddenRowsAction | undefined;
  readonly ifExists?: IfExists | undefined;
  readonly clearEmpty?: boolean | undefined;
  readonly createGroups?: boolean | undefined;
  /** Whether an activation sent emails; absent from other runs. */
  readonly sendEmail?: boolean | undefined;
  /** Whether rows of the same user that differ in their groups only are one. Absent from older journals. */
  readonly mergesRows?: boolean | undefined;
  /** Only of runs whose mapping has start or end dates. */
  readonly dates?: DateSettings | undefined;
  /** Absolute path of the file for passwords and activation links, its template, and how long links are valid. */
  readonly links?: string | undefined;
  readonly letter?: string | undefined;
  readonly linkDays?: number | undefined;
  /** Only of `sync`. */
  readonly sync?: SyncSettings | undefined;
}

/** By which day start and end dates are judged. */
export interface DateSettings {
  /** The day of the run, `YYYY-MM-DD`: a resumed run decides by the same one. */
  readonly today: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** The options of `sync` that decide what is done with a person. */
export interface SyncSettings {
  readonly dataset: string;
  /** The attribute that identifies a person. */
  readonly match: string;
  readonly leavers: 'list' | 'suspend' | 'deactivate';
  /** For how many days a person has to be missing. */
  readonly leaverGraceDays: number;
  readonly adoptExisting: boolean;
  readonly reactivate: boolean;
  readonly overrideEdits: boolean;
  readonly createAheadDays: number;
  /** Names of groups, with `*` for any characters. */
  readonly managedGroups: readonly string[];
  readonly rebuildState: boolean;
  /** The day of the run, `YYYY-MM-DD`: a resumed run decides by the same one. */
  readonly today: string;
  /** Whether this run acts on leavers at all. */
  readonly actsOnLeavers: boolean;
}

/** What to do with the rows of a workbook that a filter or a person has hidden. */
export type HiddenRowsAction = 'include' | 'skip';

/** What to do with a row whose login already exists: fail the row, leave the user alone, or update the user. */
export type IfExists = 'fail' | 'skip' | 'update';

/** Everything that an update writes for a row, earlier attempts included; `from` is what `undo` restores. */
export interface RecordedUpdate {
  readonly oktaId: string;
  readonly changes: readonly Change[];
  /** IDs of groups that the user is not in yet. */
  readonly joins: readonly string[];
  /** Completes a user that this or another run created, and that lacks its credentials. Absent from updates. */
  readonly finishes?: boolean | undefined;
  /** Only by `sync`: IDs of the managed groups that the user leaves, and what is done to its status. */
  readonly leaves?: readonly string[] | undefined;
  readonly lifecycle?: LifecycleChange | undefined;
}

/** What a data set will know of the person of a row when the row has its outcome; see `Member`. */
export interface RecordedMember {
  readonly row: number;
  readonly key: string;
  readonly login: string;
  /** Digest of all values of the row, and digests of the single values by attribute. */
  readonly digest: string;
  readonly values: Readonly<Record<string, string>>;
  readonly isStaged?: boolean | undefined;
  /** What the data set knew before; undefined for a new member. */
  readonly former?: FormerMember | undefined;
}

/** A member of a data set; see `Member`. */
export interface FormerMember {
  readonly key: string;
  readonly login: string;
  readonly oktaId: string;
  readonly row: string;
  readonly values: string;
  readonly seen: string;
  readonly missingSince?: string | undefined;
  readonly left?: 'suspended' | 'deactivated' | undefined;
  readonly leftOn?: string | undefined;
  readonly isStaged?: boolean | undefined;
}

/** When an attempt was recorded, and when its request can no longer be processed: epoch milliseconds by the org's clock. */
export interface AttemptTime {
  /** The earliest that the org's clock can show when the attempt is recorded. */
  readonly orgMs: number;
  /** Absent from older journals, and from attempts that are not creates. */
  readonly endMs?: number | undefined;
}

/** How long after its timeout a request without a response may still be processed. */
export const LATE_COMMIT_MS = 10 * 60_000;

/** 1: version 0.1.0, whose lines have no seal; see `sealLine`. */
export type JournalFormat = 1 | 2;

/** One line of `journal.ndjson`. `at` is ISO 8601, by this machine's clock. */
export type JournalLine =
  | ({ readonly type: 'run'; readonly journal: JournalFormat } & RunDescription)
  /** A write is about to be sent. */
  | ({
      readonly type: 'attempt';
      readonly row: number;
      readonly line: number;
      readonly login: string;
      /** Absent from the attempt of a create. */
      readonly update?: RecordedUpdate | undefined;
    } & AttemptTime)
  /**
   * From here on, `orgMs` is comparable with `created` of users, which answered creates have calibrated. The attempts that this
   * process recorded before are comparable after adding `shiftMs`.
   */
  | { readonly type: 'clock'; readonly shiftMs: number }
  /** A group that the run created because rows name it. */
  | { readonly type: 'group'; readonly groupId: string; readonly name: string }
  /** Only of `sync`: written before the attempt of the same row. */
  | ({ readonly type: 'member' } & RecordedMember)
  | ({ readonly type: 'outcome' } & RowOutcome)
  /** Progress, at most once a second, for the report page; `resume` ignores it. */
  | ({ readonly type: 'sample' } & Sample)
  | { readonly type: 'resumed'; readonly at: string; readonly version: string }
  | ({ readonly type: 'finished' } & RunEnd);

/** How a run, or the part of it that one process did, ended in an orderly way. */
export interface RunEnd {
  readonly at: string;
  readonly exitCode: number;
  /** Why the run stopped before the end of its file; null when it did not. Absent from older journals. */
  readonly stoppedBecause?: string | null | undefined;
}

const OUTCOME_START = '{"type":"outcome",';
const OUTCOME_ROW = `${OUTCOME_START}"row":`;
const ATTEMPT_ROW = '{"type":"attempt","row":';
/** Statuses that are final whatever else the line says. */
const FINAL_STATUS = /"status":"(?:created|updated|unchanged|exists|invalid|suspended|deactivated|leaver)"/;

/** The end of the attempt of a create. A login cannot imitate it, since its quotes are escaped. */
const ATTEMPT_TIME = /,"orgMs":(-?\d+)(?:,"endMs":(-?\d+))?$/;

/** The attempt of a create, or a row whose outcome has a final status. */
export type ScannedLine =
  | { readonly row: number; readonly time: AttemptTime }
  | { readonly row: number; readonly time: undefined };

/**
 * Reads the common lines without parsing JSON.
 *
 * @param line - without its last brace, in any encoding that agrees with ASCII.
 * @returns undefined for any other line, and for one with a brace inside, such as two torn lines that run together:
 * those have to be parsed.
 */
export function scanLine(line: string): ScannedLine | undefined {
  const isOutcome = line.startsWith(OUTCOME_ROW);
  if (!isOutcome && !line.startsWith(ATTEMPT_ROW)) return undefined;
  if (line.indexOf('{', 1) !== -1 || line.includes('}')) return undefined;
  const row = Number.parseInt(line.slice(OUTCOME_ROW.length, OUTCOME_ROW.length + 16), 10);
  if (isOutcome) return FINAL_STATUS.test(line) ? { row, time: undefined } : undefined;
  const [, orgMs, endMs] = ATTEMPT_TIME.exec(line) ?? [];
  if (orgMs === undefined) return undefined;
  return { row, time: { orgMs: Number(orgMs), endMs: endMs === undefined ? undefined : Number(endMs) } };
}

/**
 * The line of an outcome.
 *
 * Two fields keep the names that version 0.1.0 gave them, so that each version reads the journals of the other: `because`
 * (`reason` in code) and `done` (`written` in code).
 */
export function formatOutcome(outcome: RowOutcome): string {
  // Stringifying `{ type: 'outcome', ...outcome }` would be much slower, since it copies every outcome.
  return OUTCOME_START + JSON.stringify(toJournalFields(outcome)).slice(1);
}

/** @throws {SyntaxError} the line is damaged. */
export function parseOutcome(line: string): RowOutcome {
  const fields = JSON.parse(`{${line.slice(OUTCOME_START.length)}`) as RowOutcome & JournalNames;
  if (fields.because === undefined && fields.done === undefined) return fields;
  const { because, done, ...outcome } = fields;
  if (outcome.status === 'failed') return { ...outcome, written: done };
  return { reason: because, ...outcome } as RowOutcome;
}

/** Fields that have other names in code. */
interface JournalNames {
  readonly because?: string;
  readonly done?: WrittenChange;
}

function toJournalFields(outcome: RowOutcome): object {
  switch (outcome.status) {
    case 'not-attempted':
    case 'kept': {
      const { reason: because, ...fields } = outcome;
      return { ...fields, because };
    }
    case 'failed': {
      const { written: done, ...fields } = outcome;
      return done === undefined ? fields : { ...fields, done };
    }
    default:
      return outcome;
  }
}
