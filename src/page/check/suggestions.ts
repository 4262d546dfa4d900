import type { FixId } from '../api/check.js';
import { createColumnFinder } from '../../mapping/assign-columns.js';
import type { ColumnUses } from '../../mapping/column-uses.js';
import { separatorOf, splitCell } from '../../mapping/convert.js';
import type { MappingFile } from '../../mapping/mapping-file.js';
import { LIST_SEPARATOR } from '../../mapping/value-source.js';
import type { OrgMetadata } from '../../org/org-metadata.js';
import { closeMatches } from '../../text.js';
import { createCountryLookup } from '../../validation/countries.js';
import { createLanguageLookup, localeOf } from '../../validation/languages.js';
import { createTimezoneLookup } from '../../validation/timezones.js';

import { cleanAddress, cleanText } from './cell-texts.js';
import { DateReader, formatDate } from './dates.js';

/** The text of a cell that would solve a problem. */
export interface Suggestion {
  readonly text: string;
  readonly fix: FixId;
}

/** @returns undefined if nothing is near enough. */
export type Suggest = (code: string, column: number, text: string) => Suggestion | undefined;

export interface SuggestOptions {
  readonly header: readonly string[];
  readonly columnUses: ColumnUses;
  readonly mappingFile: MappingFile | undefined;
  readonly attributes: OrgMetadata['attributes'];
}

/** What a person would probably write in place of a wrong cell. */
export function createSuggestions({ header, columnUses, mappingFile, attributes }: SuggestOptions): Suggest {
  const countryOf = createCountryLookup();
  const languageOf = createLanguageLookup(countryOf);
  const timezoneOf = createTimezoneLookup();
  const dates = new DateReader();
  const formats = formatsByColumn(header, mappingFile);

  const nearestAllowed = (column: number, text: string): string | undefined => {
    const attribute = attributes[columnUses.get(column)?.name ?? ''];
    if (attribute === undefined) return undefined;
    const { enum: constants, oneOf } = attribute.type === 'array' ? (attribute.items ?? {}) : attribute;
    const allowed = [...(constants ?? []), ...(oneOf ?? []).flatMap((one) => [one.const, one.title])].map(
      String,
    );
    const nearest = (part: string): string | undefined =>
      allowed.find((each) => each.toLowerCase() === part.toLowerCase()) ?? closeMatches(part, allowed)[0];
    if (attribute.type !== 'array') return nearest(text);
    const separators = formats.get(column)?.split ?? [LIST_SEPARATOR];
    const parts = splitCell(text, separatorOf(separators));
    return parts.map((part) => nearest(part) ?? part).join(separators[0]);
  };
  const inFormat = (column: number, text: string, fallback: string): Suggestion | undefined => {
    const date = dates.read(text);
    if (date === undefined) return undefined;
    return { text: formatDate(date, formats.get(column)?.date ?? fallback), fix: 'date-format' };
  };

  const find = (code: string, column: number, text: string): Suggestion | undefined => {
    switch (code) {
      case 'not-a-country-code': {
        const country = countryOf(text);
        return country === undefined ? undefined : { text: country, fix: 'country-code' };
      }
      case 'not-a-language':
        return didYouMean(
          languageOf(text) ?? (/^[a-z]{2,3}_[a-z]{2}$/i.test(text) ? text.replace('_', '-') : undefined),
        );
      case 'not-a-locale': {
        const tag = languageOf(text.replace('_', '-')) ?? text.replace('_', '-');
        return didYouMean(localeOf(tag));
      }
      case 'not-a-timezone':
        return didYouMean(timezoneOf(text));
      case 'not-one-of':
        return didYouMean(nearestAllowed(column, text));
      case 'not-a-boolean':
        return didYouMean(
          BOOLEANS.get(text.toLowerCase()) ?? closeMatches(text, ['true', 'false', 'yes', 'no'])[0],
        );
      case 'not-a-date':
      case 'excel-date-serial':
        return inFormat(column, text, 'yyyy-MM-dd');
      case 'not-a-date-time':
        return inFormat(column, text, 'yyyy-MM-ddTHH:mm:ssZ');
      case 'not-an-email':
      case 'login-not-an-email':
      case 'login-characters':
      case 'smart-quote': {
        const address = cleanAddress(text);
        return address === undefined ? undefined : { text: address, fix: 'clean-text' };
      }
      case 'invisible-character':
      case 'control-character':
      case 'unsupported-character':
      case 'text-garbled':
      case 'unicode-normalised':
        return { text: cleanText(text), fix: 'clean-text' };
      case 'apostrophe-first':
        return { text: text.replace(/^'+/, ''), fix: 'clean-text' };
      default:
        return undefined;
    }
  };
  return (code, column, cell) => {
    const text = cell.trim();
    const found = text === '' ? undefined : find(code, column, text);
    return found === undefined || found.text === text || found.text === '' ? undefined : found;
  };
}

function didYouMean(text: string | undefined): Suggestion | undefined {
  return text === undefined ? undefined : { text, fix: 'did-you-mean' };
}

/** Words that people write for true and false, and that mean neither here. */
const BOOLEANS: ReadonlyMap<string, string> = new Map([
  ...['ja', 'oui', 'sí', 'si', 'sì', 'sim', 'да', 'tak', 'evet', 'wahr', 'vrai', 'verdadero', 'vero'].map(
    (word) => [word, 'true'] as const,
  ),
  ...['nein', 'non', 'não', 'nao', 'нет', 'nie', 'hayır', 'falsch', 'faux', 'falso', 'nej'].map(
    (word) => [word, 'false'] as const,
  ),
]);

interface ColumnFormat {
  readonly date: string | undefined;
  readonly split: readonly string[] | undefined;
}

/** By index of the column. */
function formatsByColumn(
  header: readonly string[],
  mappingFile: MappingFile | undefined,
): ReadonlyMap<number, ColumnFormat> {
  const indexOf = createColumnFinder(header);
  return new Map(
    (mappingFile?.fields ?? []).flatMap(({ source }) => {
      if (source.kind !== 'column') return [];
      const index = [source.column, ...(source.orElse ?? [])].map(indexOf).find((each) => each !== undefined);
      return index === undefined ? [] : [[index, { date: source.date, split: source.split }] as const];
    }),
  );
}
