import { isDateName } from '../mapping/column-uses.js';
import type { MappedRow } from '../mapping/user-request.js';
import { DATE_ADVICE } from '../mapping/workbook-cells.js';
import { GroupLists } from '../rows/group-list.js';
import { onLine } from '../rows/place.js';
import type { ColumnOf, Problem, WarningCode } from '../rows/problem.js';
import { isFormulaStart, quoted } from '../text.js';

import { textWarning, type ValueWarning } from './characters.js';
import { looksLikeMadeDate } from './detect-made-date.js';
import { hasBareDomain } from './email.js';
import { foldLogin } from './login.js';
import { isPersonName, isUsualName, oddName } from './odd-names.js';
import { isStrict, type TextUse } from './program-output.js';
import type { RowMemory } from './row-memory.js';

/** Reports what looks wrong with a row but does not block it. */
export interface RowWarnings {
  /** Reports what another check found. */
  warn(name: string, warning: ValueWarning, mapped: MappedRow): void;
  /** Checks the characters of a text that is not plain ASCII. */
  checkCharacters(name: string, text: string, mapped: MappedRow): void;
  /** Checks a text that starts with an apostrophe. */
  checkApostrophe(name: string, text: string, use: TextUse, mapped: MappedRow): void;
  /** Checks a text that may have a question mark in place of a letter. */
  checkLostCharacters(name: string, text: string, use: TextUse, mapped: MappedRow): void;
  /** Checks the name of a person. */
  checkName(name: string, text: string, mapped: MappedRow): void;
  /** Checks a phone number. */
  checkPhone(name: string, text: string, mapped: MappedRow): void;
  /** Checks a login or an email address. */
  checkDomain(name: string, address: string, mapped: MappedRow): void;
  /** Checks a text that may be a number with leading zeros. */
  checkLeadingZeros(name: string, text: string, mapped: MappedRow): void;
  /** Remembers a value that some orgs want to be unique. @returns a function that reports it if an earlier row has it. */
  checkShared(name: string, text: string, mapped: MappedRow): (() => void) | undefined;
  /** Checks the name of a group that no org has been asked about. */
  checkGroup(name: string, mapped: MappedRow): void;
  /** Checks a text that may be a date which a spreadsheet has made of it. */
  checkMadeDate(name: string, text: string, mapped: MappedRow): void;
}

/** `M?ller`, `?slund`, `Jos?`, but not a name that is only a question mark. */
const LOST_IN_NAME = /\p{L}\?|\?\p{L}/u;
/** `Sales?` may be a question. */
const LOST_IN_TEXT = /\p{L}\?+\p{L}/u;

/** The number of digits that Excel stores. */
const SPREADSHEET_DIGITS = 15;

/** Creates the warnings of one file. */
export function createRowWarnings(
  columnOf: ColumnOf,
  onWarning: (warning: Problem, mapped: MappedRow) => void,
  {
    memory,
    groupColumns = [],
  }: { readonly memory: RowMemory; readonly groupColumns?: readonly string[] | undefined },
): RowWarnings {
  const lists = new GroupLists(groupColumns);
  const warn = (name: string, { code, message }: ValueWarning, mapped: MappedRow): void =>
    onWarning({ code, column: columnOf(`profile.${name}`), message }, mapped);
  return {
    warn,
    checkCharacters(name, text, mapped) {
      const warning = textWarning(name, text);
      if (warning !== undefined) warn(name, warning, mapped);
    },
    checkApostrophe(name, text, use, mapped) {
      const purpose = isFormulaStart(text)
        ? 'some programs add to keep spreadsheets from running a formula'
        : isStrict(use)
          ? 'is typed in spreadsheets to keep a number as text'
          : text.includes('@')
            ? 'is typed in spreadsheets to keep a value as text'
            : undefined;
      if (purpose === undefined) return;
      const message = `${name} ${quoted(text)} starts with an apostrophe, which ${purpose}. Remove it unless it is intended.`;
      warn(name, { code: 'apostrophe-first', message }, mapped);
    },
    checkLostCharacters(name, text, use, mapped) {
      const lost = use === 'name' ? LOST_IN_NAME : LOST_IN_TEXT;
      if (use === 'uri' || !text.includes('?') || !lost.test(text)) return;
      const message = `${name} ${quoted(text)} contains "?", perhaps in place of a letter that was lost when the file was saved. Enter the letter again.`;
      warn(name, { code: 'character-lost', message }, mapped);
    },
    checkName(name, text, mapped) {
      if (isUsualName(text) || !isPersonName(name)) return;
      const warning = oddName(name, text);
      // Without another address, the cells of the row are in the wrong columns, which is a problem of its own.
      const isShifted = text.includes('@') && !String(mapped.request.profile['login']).includes('@');
      if (warning !== undefined && !isShifted) warn(name, warning, mapped);
    },
    checkPhone(name, text, mapped) {
      if (/\p{Nd}/u.test(text)) return;
      const message = `${name} ${quoted(text)} contains no digits. Enter the number, or clear the cell.`;
      warn(name, { code: 'phone-without-digits', message }, mapped);
    },
    checkGroup(name, mapped) {
      const line = lists.lineFor(name);
      if (line === undefined) return;
      const message = `The group ${quoted(name)} looks like several groups. To split the cell, use this line in a mapping file: ${line}`;
      onWarning({ code: 'group-list' satisfies WarningCode, column: columnOf('groups'), message }, mapped);
    },
    checkDomain(name, address, mapped) {
      if (!hasBareDomain(address)) return;
      const message = `${name} ${quoted(address)} has a domain without a dot. Check that it is complete.`;
      warn(name, { code: 'domain-without-dot', message }, mapped);
    },
    checkLeadingZeros(name, text, mapped) {
      if (/^\d{1,3}(?:[,'’]\d{3})+$/.test(text)) {
        const message = `${name} ${quoted(text)} has digits in groups, as a spreadsheet shows quantities. Format the column as text, and enter the number again.`;
        warn(name, { code: 'digits-grouped', message }, mapped);
        return;
      }
      if (text.length > SPREADSHEET_DIGITS && /^[1-9]\d{14}0+$/.test(text)) {
        const message = `${name} ${quoted(text)} has only zeros after its first ${SPREADSHEET_DIGITS} digits, and a spreadsheet keeps no more than 15. Compare it with the source.`;
        warn(name, { code: 'digits-lost', message }, mapped);
        return;
      }
      // The number of digits of a postal code depends on the country.
      const column =
        name === 'zipCode' ? `${name} ${String(mapped.request.profile['countryCode'] ?? '')}` : name;
      const isNumber = mapped.numbers?.includes(name) === true;
      const message = memory.lostZeros({ column, name, text, isNumber }, mapped.row);
      if (message !== undefined) warn(name, { code: 'leading-zero-lost', message }, mapped);
    },
    checkShared(name, text, mapped) {
      const folded = text.toLowerCase();
      const login = mapped.request.profile['login'];
      // In most files, the email is the login.
      const isLogin = typeof login === 'string' && foldLogin(login) === folded;
      const firstLine = memory.firstLineWith(`${name}, shared`, folded, mapped.row, isLogin);
      if (firstLine === undefined) return undefined;
      const message = `${name} ${quoted(text)} is the same as ${onLine(firstLine, mapped.row.lineLabel)}. Orgs that do not allow it reject the row.`;
      return () => warn(name, { code: 'value-shared', message }, mapped);
    },
    checkMadeDate(name, text, mapped) {
      if (!looksLikeMadeDate(text)) return;
      const column = columnOf(`profile.${name}`);
      // A workbook says itself that a cell is a date.
      const isKnown = mapped.warnings?.some((each) => each.code === 'excel-date' && each.column === column);
      if (isKnown === true || isDateName(name) || isDateName(column ?? '')) return;
      const message = `${name} ${quoted(text)} looks like a date. ${DATE_ADVICE}`;
      warn(name, { code: 'excel-date', message }, mapped);
    },
  };
}
