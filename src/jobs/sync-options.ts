import type { SyncSettings } from '../journal/journal-line.js';
import { OktaImportError } from '../errors.js';
import { BRAKES, parseLimit, type Brake, type BrakeLimits, type Limit } from '../sync/brakes.js';
import { listOf, quoted } from '../text.js';

import type { ImportOptions } from './options.js';

/** What decides what a sync does with people, beyond the options of an import. Every option but the name has a default. */
export interface SyncOptions {
  /** Name of the data set: the people whom its runs have created or adopted. */
  readonly dataset: string;
  /** The attribute that identifies a person; default `login`. */
  readonly match?: string | undefined;
  /** What happens to people who are no longer in the file; by default they are listed. */
  readonly leavers?: 'list' | 'suspend' | 'deactivate' | undefined;
  /** For how long people must be missing before that: `2d`; default `0d`. */
  readonly leaverGrace?: string | undefined;
  /** Whether existing users who are in the file become members of the data set; by default they are only updated. */
  readonly adoptExisting?: boolean | undefined;
  /** Whether deactivated members who are back in the file are activated. */
  readonly reactivate?: boolean | undefined;
  /** Whether values that were edited in Okta are overwritten although the file did not change them. */
  readonly overrideEdits?: boolean | undefined;
  /** The most people that may leave at once: `20` or `5%`; default `5%`, and at least 5 people. */
  readonly maxLeavers?: string | undefined;
  /** The most users that may change at once: `20` or `50%`; default `50%`, from 20 users on. */
  readonly maxChanges?: string | undefined;
  /** The fewest rows that the file may have; default 1. */
  readonly minRows?: number | undefined;
  /** Checks that let this run pass. */
  readonly accept?: readonly string[] | undefined;
  /** How long before their start date people are created: `14d` by default. */
  readonly createAhead?: string | undefined;
  /** Names of groups, with `*` for any characters, whose members are exactly those that the file says. */
  readonly managedGroups?: readonly string[] | undefined;
  /** Rebuilds the state of the data set from the org and its runs; acts on no leaver. */
  readonly rebuildState?: boolean | undefined;
}

/** Options of an import that a sync has, too. */
export type SyncImportOptions = Omit<ImportOptions, 'ifExists' | 'only' | 'allOrNothing'>;

/** An option of `sync` has no valid value. */
export class SyncOptionError extends OktaImportError {
  override readonly code = 'ERR_SYNC_OPTION';
}

export interface ResolvedSyncOptions {
  readonly settings: Omit<SyncSettings, 'today' | 'actsOnLeavers'>;
  readonly limits: BrakeLimits;
  readonly accept: ReadonlySet<Brake>;
}

/** @throws {SyncOptionError} */
export function resolveSyncOptions(options: SyncOptions): ResolvedSyncOptions {
  const { dataset, match = 'login', leavers = 'list', minRows = 1, accept = [] } = options;
  if (!['list', 'suspend', 'deactivate'].includes(leavers)) {
    throw new SyncOptionError(`--leavers cannot be ${quoted(leavers)}.`, {
      hint: 'Use list, suspend or deactivate.',
    });
  }
  if (!Number.isInteger(minRows) || minRows < 0) {
    throw new SyncOptionError(`--min-rows takes a whole number, not ${minRows}.`, {
      hint: 'Use the minimum number of rows in the file, such as 500.',
    });
  }
  return {
    settings: {
      dataset,
      match,
      leavers,
      leaverGraceDays: parseDays('--leaver-grace', options.leaverGrace ?? '0d'),
      adoptExisting: options.adoptExisting ?? false,
      reactivate: options.reactivate ?? false,
      overrideEdits: options.overrideEdits ?? false,
      createAheadDays: parseDays('--create-ahead', options.createAhead ?? '14d'),
      managedGroups: options.managedGroups ?? [],
      rebuildState: options.rebuildState ?? false,
    },
    limits: {
      maxLeavers: limitOf('--max-leavers', options.maxLeavers ?? '5%'),
      maxChanges: limitOf('--max-changes', options.maxChanges ?? '50%'),
      minRows,
    },
    accept: new Set(accept.map(toBrake)),
  };
}

function limitOf(flag: string, text: string): Limit {
  const limit = parseLimit(text);
  if (limit !== undefined) return limit;
  throw new SyncOptionError(`${flag} ${quoted(text)} is not a number of people or a percentage.`, {
    hint: 'Use a number such as 20, or a percentage such as 5%.',
  });
}

/** `2d` or `2`. */
function parseDays(flag: string, text: string): number {
  const [, days] = /^\s*(\d{1,4})\s*d?\s*$/i.exec(text) ?? [];
  if (days !== undefined) return Number(days);
  throw new SyncOptionError(`${flag} ${quoted(text)} is not a number of days.`, {
    hint: 'Use a number of days such as 2d.',
  });
}

function toBrake(name: string): Brake {
  const brake = BRAKES.find((each) => each === name.trim());
  if (brake !== undefined) return brake;
  throw new SyncOptionError(`--accept ${quoted(name)} is not known.`, {
    hint: `Use ${listOf(BRAKES, 'or')}.`,
  });
}
