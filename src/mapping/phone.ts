import type * as LibPhoneNumber from 'libphonenumber-js';
import type { CountryCode, ParseError, PhoneNumber } from 'libphonenumber-js';
import { lazyRequire } from '../lazy-require.js';
import { quoted } from '../text.js';

/** Formats a phone number as E.164, `+4930123456`. A problem is the end of a sentence about the number. */
export type PhoneReader = (text: string) => { readonly e164: string } | { readonly problem: string };

export interface PhoneReaders {
  readonly isCountry: (country: string) => boolean;
  /** @param country - Of numbers without `+`; undefined if there must be none. */
  readonly readerFor: (country: string | undefined) => PhoneReader;
}

/**
 * Loads libphonenumber, which takes longer than everything else for a small file: only if a mapping needs it.
 *
 * Numbers are checked by their length for the country and not by their prefix: new prefixes come into use every month, and an old
 * table must not reject a valid number.
 */
export function loadPhoneReaders(): PhoneReaders {
  const { parsePhoneNumberWithError, isSupportedCountry }: typeof LibPhoneNumber =
    lazyRequire('libphonenumber-js');

  return {
    isCountry: (country) => isSupportedCountry(country),
    readerFor(country) {
      const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined;
      return (text) => {
        // Nearly all countries dial 00 for +, and no national number begins with it.
        const international = text.replace(/^00(?=[1-9])/, '+');
        let number: PhoneNumber;
        try {
          number = parsePhoneNumberWithError(international, { ...(defaultCountry && { defaultCountry }) });
        } catch (error) {
          return { problem: problemOf(error as ParseError, defaultCountry) };
        }
        if (!number.isPossible()) {
          return { problem: `has the wrong length${number.country ? ` for ${number.country}` : ''}` };
        }
        if (number.ext !== undefined) {
          return { problem: `has the extension ${quoted(number.ext)}, which E.164 does not allow` };
        }
        return { e164: number.number };
      };
    },
  };
}

function problemOf(error: ParseError, country: CountryCode | undefined): string {
  switch (error.message) {
    case 'INVALID_COUNTRY':
      return country === undefined ? 'has no country code (start it with +)' : 'has an unknown country code';
    case 'TOO_SHORT':
      return 'is too short';
    case 'TOO_LONG':
      return 'is too long';
    default:
      return 'is not one';
  }
}

/** Thrown by the e164 filter of a template. The message is the number and its problem. */
export class PhoneNumberError extends Error {}
