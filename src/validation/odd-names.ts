import { quoted } from '../text.js';
import type { ValueWarning } from './characters.js';

const NAMES: ReadonlySet<string> = new Set([
  'firstName',
  'lastName',
  'middleName',
  'displayName',
  'nickName',
]);

/** Whether a text stands where the name of a person belongs. */
export function isPersonName(name: string): boolean {
  return NAMES.has(name);
}

/** Finds what nobody is called: `-`, `12345`, `N/A`, an email address, and the logical value that a spreadsheet makes of True. */
export function oddName(name: string, text: string): ValueWarning | undefined {
  const odd = whatIsOdd(text);
  return odd === undefined ? undefined : { code: 'name-odd', message: `${name} ${quoted(text)} ${odd}` };
}

const ADVICE = 'Enter the name.';

function whatIsOdd(text: string): string | undefined {
  if (/^n\s?\/\s?a$/i.test(text)) return `stands for a missing value. ${ADVICE}`;
  if (!/\p{L}/u.test(text)) return `contains no letters. ${ADVICE}`;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `is an email address. ${ADVICE}`;
  if (text === 'TRUE' || text === 'FALSE') {
    return 'may be the logical value that a spreadsheet makes of such a name. Check how it is written.';
  }
  return undefined;
}
