import type { DateSettings } from '../journal/journal-line.js';
import type { MappingFile } from '../mapping/mapping-file.js';
import type { StartsLater } from '../report/summary.js';
import { writtenChangeOf, type RowOutcome } from '../rows/outcome.js';
import { dayIn } from '../sync/employment.js';

/** Where a day begins, if neither the mapping nor the run says so. */
const DEFAULT_TIME_ZONE = 'UTC';

/** By which day a run judges dates; undefined unless its mapping file has some. */
export function dateSettings(mappingFile: MappingFile | undefined, nowMs: number): DateSettings | undefined {
  const hasDates = mappingFile?.fields.some(({ path }) => path === 'start' || path === 'end') === true;
  return hasDates ? toDateSettings(mappingFile, nowMs) : undefined;
}

/** The same for a run that uses dates whether its mapping file has some or not. */
export function toDateSettings(mappingFile: MappingFile | undefined, nowMs: number): DateSettings {
  const timeZone = mappingFile?.timeZone ?? DEFAULT_TIME_ZONE;
  return { today: dayIn(timeZone, nowMs), timeZone };
}

/** The day that it is now for a past run. */
export function todayOf(dates: DateSettings | undefined, nowMs: number): string {
  return dayIn(dates?.timeZone ?? DEFAULT_TIME_ZONE, nowMs);
}

/** Counts people who start later. */
export class LaterStarts {
  #users = 0;
  #next: string | undefined;

  add(startsOn: string): void {
    this.#users += 1;
    if (this.#next === undefined || startsOn < this.#next) this.#next = startsOn;
  }

  /** Adds a user whom a run created staged because of the start date. */
  addOutcome(outcome: RowOutcome): void {
    const { startsOn } = outcome;
    if (startsOn !== undefined && writtenChangeOf(outcome)?.status === 'created') this.add(startsOn);
  }

  /** Undefined for no one. */
  get startsLater(): StartsLater | undefined {
    return this.#next === undefined ? undefined : { users: this.#users, next: this.#next };
  }
}
