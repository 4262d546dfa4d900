import { plural } from '../text.js';

/** What `--accept` can let pass. */
export type Brake = 'leavers' | 'changes' | 'size' | 'columns';
export const BRAKES = ['leavers', 'changes', 'size', 'columns'] as const satisfies readonly Brake[];

/** A run that looks like a mistake, and is stopped before its first write. */
export interface BrakeReason {
  readonly brake: Brake;
  /** Why, as the end of a sentence. */
  readonly reason: string;
}

/** A number of people, or a share of them: `20` or `5%`. */
export interface Limit {
  readonly text: string;
  readonly value: number;
  readonly isShare: boolean;
}

export interface BrakeLimits {
  readonly maxLeavers: Limit;
  readonly maxChanges: Limit;
  readonly minRows: number;
}

/** What a run would do, in numbers of people. */
export interface PlannedCounts {
  /** Rows of the file, and of the last file. */
  readonly rows: number;
  readonly rowsLastTime: number;
  /** Members before this run who had not left. */
  readonly members: number;
  /** Leavers on whom this run would act. */
  readonly leavers: number;
  /** People of the file whose last day has passed, and whom this run would suspend. */
  readonly ended: number;
  /** Existing users in the file, and those of them who would be changed. */
  readonly matched: number;
  readonly changed: number;
  /** How many users each attribute would change for; `groups` for memberships. */
  readonly changesByAttribute: ReadonlyMap<string, number>;
}

/** A share says little about few people. */
const MIN_LEAVERS = 5;
const MIN_MATCHED = 20;
/** Fewer rows than this share of the last file's stop the run. */
const MIN_SHARE_OF_LAST = 0.8;

/** Parses `20` or `5%`; undefined for anything else. */
export function parseLimit(text: string): Limit | undefined {
  const [, digits, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%)?\s*$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  if (percent === undefined) {
    return Number.isInteger(value) ? { text: digits, value, isShare: false } : undefined;
  }
  // 0% means no one, so no minimum applies.
  return value <= 100 ? { text: `${digits}%`, value: value / 100, isShare: value > 0 } : undefined;
}

/** Everything that speaks against a run; empty when nothing does. */
export function brakeReasons(counts: PlannedCounts, limits: BrakeLimits): BrakeReason[] {
  return [...sizeReasons(counts, limits), ...leaverReasons(counts, limits), ...changeReasons(counts, limits)];
}

function* sizeReasons(
  { rows, rowsLastTime }: PlannedCounts,
  { minRows }: BrakeLimits,
): Generator<BrakeReason> {
  if (rows < minRows) {
    yield { brake: 'size', reason: `the file has ${plural(rows, 'row')}, fewer than --min-rows ${minRows}` };
  } else if (rows < rowsLastTime * MIN_SHARE_OF_LAST) {
    const share = Math.floor((rows / rowsLastTime) * 100);
    yield {
      brake: 'size',
      reason: `the file has ${plural(rows, 'row')}, ${share}% of the ${rowsLastTime} rows in the last file`,
    };
  }
}

function* leaverReasons(
  { leavers, ended, members }: PlannedCounts,
  { maxLeavers }: BrakeLimits,
): Generator<BrakeReason> {
  const { value, isShare, text } = maxLeavers;
  const most = isShare ? Math.max(MIN_LEAVERS, Math.floor(value * members)) : value;
  const leaving = leavers + ended;
  if (leaving <= most) return;
  const limit = isShare ? `${text} of ${members} (at least ${MIN_LEAVERS})` : text;
  yield {
    brake: 'leavers',
    reason: `${plural(leaving, 'person is', 'people are')} ${ended > 0 ? 'past the last day or ' : ''}no longer in the file, more than --max-leavers ${limit}`,
  };
}

function* changeReasons(counts: PlannedCounts, { maxChanges }: BrakeLimits): Generator<BrakeReason> {
  const { matched, changed, changesByAttribute } = counts;
  const { value, isShare, text } = maxChanges;
  if (isShare && matched < MIN_MATCHED) return;
  const most = isShare ? Math.floor(value * matched) : value;
  const limit = isShare ? `${text} of ${matched}` : text;
  const attributes = [...changesByAttribute].filter(([, people]) => people > most);
  for (const [attribute, people] of attributes) {
    yield {
      brake: 'changes',
      reason: `${attribute} would change for ${plural(people, 'user')}, more than --max-changes ${limit}`,
    };
  }
  if (attributes.length === 0 && changed > most) {
    yield {
      brake: 'changes',
      reason: `${plural(changed, 'user')} would be changed, more than --max-changes ${limit}`,
    };
  }
}
