import type { RowOutcome } from '../rows/outcome.js';

/** How the journal's line of an outcome begins. */
export const OUTCOME_LINE_START = '{"type":"outcome",';

/**
 * The journal's line of an outcome.
 *
 * Two fields keep the names that version 0.1.0 gave them, so that each version reads the other's journals: `because` (`reason` in
 * code) and `done` (`written`).
 */
export function formatOutcome(outcome: RowOutcome): string {
  // Cutting the text is much faster than stringifying `{ type: 'outcome', ...outcome }`, which copies every outcome.
  return `${OUTCOME_LINE_START}${JSON.stringify(toJournalFields(outcome)).slice(1)}`;
}

/** @throws {SyntaxError} the line is damaged. */
export function parseOutcome(line: string): RowOutcome {
  const fields = JSON.parse(`{${line.slice(OUTCOME_LINE_START.length)}`) as RowOutcome & JournalNames;
  if (fields.because === undefined && fields.done === undefined) return fields;
  const { because, done, ...outcome } = fields;
  if (outcome.status === 'failed') return { ...outcome, written: done };
  return { reason: because, ...outcome } as RowOutcome;
}

/** Names of fields that are other ones in code. */
interface JournalNames {
  readonly because?: string;
  readonly done?: Extract<RowOutcome, { status: 'failed' }>['written'];
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
