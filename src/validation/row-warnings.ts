import type { Problem } from '../rows/problem.js';
import type { MappedRow } from '../mapping/user-request.js';
import { textWarning, type ValueWarning } from './characters.js';
import { isFormulaStart, quoted } from '../text.js';
import { hasBareDomain } from './email.js';
import { LostZeroDetector } from './detect-lost-zeros.js';

/** Points out what is odd about a row and does not keep it from being sent. */
export interface RowWarnings {
  /** Looks at the characters of a text that is not plain. */
  checkCharacters(name: string, text: string, mapped: MappedRow): void;
  /** Looks at how a text begins. */
  checkApostrophe(name: string, text: string, mapped: MappedRow): void;
  /** Looks at a login or an address that is one. */
  checkDomain(name: string, address: string, mapped: MappedRow): void;
  /** Looks at a text that may be one of the numbers of a column. */
  checkLeadingZeros(name: string, text: string, mapped: MappedRow): void;
  /** Hands on what mapping the row has found. */
  forward(warnings: readonly Problem[], mapped: MappedRow): void;
}

/** Makes the warner of one file: it remembers of each column what it takes to tell, and sees rows in their order. */
export function createRowWarnings(
  columnOf: (path: string) => string | undefined,
  onWarning: (warning: Problem, mapped: MappedRow) => void,
): RowWarnings {
  const zeros = new LostZeroDetector();
  const warn = (name: string, { code, message }: ValueWarning, mapped: MappedRow): void =>
    onWarning({ code, column: columnOf(`profile.${name}`), message }, mapped);
  return {
    checkCharacters(name, text, mapped) {
      const caution = textWarning(name, text);
      if (caution !== undefined) warn(name, caution, mapped);
    },
    checkApostrophe(name, text, mapped) {
      if (!text.startsWith("'") || !isFormulaStart(text)) return;
      const message = `${name} ${quoted(text)} begins with an apostrophe, as it is put before what a spreadsheet must not take for a formula: take it out, unless it is meant.`;
      warn(name, { code: 'apostrophe-first', message }, mapped);
    },
    checkDomain(name, address, mapped) {
      if (!hasBareDomain(address)) return;
      const message = `${name} ${quoted(address)} ends in a domain without a dot: look whether its end was forgotten.`;
      warn(name, { code: 'domain-without-dot', message }, mapped);
    },
    checkLeadingZeros(name, text, mapped) {
      // How many digits a postal code has is each country's own.
      const column =
        name === 'zipCode' ? `${name} ${String(mapped.request.profile['countryCode'] ?? '')}` : name;
      const message = zeros.note(column, name, text, mapped.row.line);
      if (message !== undefined) warn(name, { code: 'leading-zero-lost', message }, mapped);
    },
    forward(warnings, mapped) {
      for (const warning of warnings) onWarning(warning, mapped);
    },
  };
}
