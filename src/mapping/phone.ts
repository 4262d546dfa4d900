import { createRequire } from 'node:module';
import type * as LibPhoneNumber from 'libphonenumber-js';
import type { CountryCode, ParseError, PhoneNumber } from 'libphonenumber-js';
import { quoted } from '../text.js';

/** Brings a phone number into the form of E.164, `+4930123456`; or says, as the end of a sentence, why it cannot. */
export type PhoneReader = (text: string) => { readonly e164: string } | { readonly problem: string };

/** Makes readers of phone numbers by the country whose national numbers they take; undefined for none but `+…`. */
export interface PhoneReaders {
  readonly isCountry: (country: string) => boolean;
  readonly readerFor: (country: string | undefined) => PhoneReader;
}

/**
 * Loads libphonenumber, which takes longer than all the rest of a small file: only when a mapping wants it.
 *
 * A number is judged by its length for its country and not by its prefix: new prefixes come into use every month, and
 * a good number must not be refused by an old table.
 */
export function loadPhoneReaders(): PhoneReaders {
  const require = createRequire(import.meta.url);
  const { parsePhoneNumberWithError, isSupportedCountry } =
    require('libphonenumber-js') as typeof LibPhoneNumber;

  return {
    isCountry: (country) => isSupportedCountry(country),
    readerFor(country) {
      const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined;
      return (text) => {
        // 00 is what nearly all countries dial for +, and begins a national number nowhere.
        const international = text.replace(/^00(?=[1-9])/, '+');
        let number: PhoneNumber;
        try {
          number = parsePhoneNumberWithError(international, { ...(defaultCountry && { defaultCountry }) });
        } catch (error) {
          return { problem: problemOf(error as ParseError, defaultCountry) };
        }
        if (!number.isPossible()) {
          return { problem: `has not the length of one${number.country ? ` in ${number.country}` : ''}` };
        }
        if (number.ext !== undefined) {
          return { problem: `has the extension ${quoted(number.ext)}, which E.164 has no place for` };
        }
        return { e164: number.number };
      };
    },
  };
}

function problemOf(error: ParseError, country: CountryCode | undefined): string {
  switch (error.message) {
    case 'INVALID_COUNTRY':
      return country === undefined ? 'has no country code: begin it with +' : 'has no known country code';
    case 'TOO_SHORT':
      return 'is too short for one';
    case 'TOO_LONG':
      return 'is too long for one';
    default:
      return 'is none';
  }
}

/** A phone number that cannot be read, thrown out of a template. The message ends a sentence that begins with it. */
export class PhoneNumberError extends Error {}
