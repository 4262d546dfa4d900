import type { UserSchemaAttribute } from '../okta/types.js';
import type { ValueProblem } from '../rows/problem.js';
import { plural, quoted } from '../text.js';

import { compilePattern } from './pattern.js';

/** Checks one value of one attribute. */
export type Check<Value> = (value: Value) => ValueProblem | undefined;

export function minLengthCheck(name: string, minLength: number): Check<string> {
  return (text) =>
    text.length >= minLength
      ? undefined
      : {
          code: 'too-short',
          message: `${name} ${quoted(text)} has ${plural(text.length, 'character')}, but must have at least ${minLength}.`,
        };
}

export function maxLengthCheck(name: string, maxLength: number): Check<string> {
  return (text) =>
    text.length <= maxLength
      ? undefined
      : {
          code: 'too-long',
          message: `${name} ${quoted(text)} has ${plural(text.length, 'character')}, but must have at most ${maxLength}. Shorten it.`,
        };
}

export function patternChecks(
  name: string,
  { pattern }: Pick<UserSchemaAttribute, 'pattern'>,
): readonly Check<string>[] {
  const matches = typeof pattern === 'string' ? compilePattern(pattern) : undefined;
  if (matches === undefined) return [];
  return [
    (text) =>
      matches(text)
        ? undefined
        : {
            code: 'pattern-mismatch',
            message: `${name} ${quoted(text)} does not match the org's pattern ${pattern}.`,
          },
  ];
}

export function numberChecks(
  name: string,
  { type, minimum, maximum }: Pick<UserSchemaAttribute, 'type' | 'minimum' | 'maximum'>,
): readonly Check<number>[] {
  const checks: Check<number>[] = [];
  if (type === 'integer') {
    checks.push((value) =>
      // Converting to 32 bits changes any number that is not a valid integer in Okta.
      Object.is(value | 0, value)
        ? undefined
        : { code: 'not-an-integer', message: `${name} must be a 32-bit integer, not ${value}.` },
    );
  }
  if (typeof minimum === 'number') {
    checks.push((value) =>
      value >= minimum
        ? undefined
        : { code: 'below-minimum', message: `${name} is ${value}, but must be at least ${minimum}.` },
    );
  }
  if (typeof maximum === 'number') {
    checks.push((value) =>
      value <= maximum
        ? undefined
        : { code: 'above-maximum', message: `${name} is ${value}, but must be at most ${maximum}.` },
    );
  }
  return checks;
}

/** How many values a message lists. */
const MAX_LISTED = 8;

export function enumChecks(
  name: string,
  attribute: Pick<UserSchemaAttribute, 'enum' | 'oneOf'>,
): readonly Check<string | number>[] {
  const constants = attribute.enum ?? attribute.oneOf?.map((one) => one.const);
  if (constants === undefined) return [];
  const allowed = new Set(constants);
  const listed = constants.slice(0, MAX_LISTED).join(', ');
  const more = constants.length > MAX_LISTED ? `, and ${constants.length - MAX_LISTED} more` : '';
  return [
    (value) =>
      allowed.has(value)
        ? undefined
        : {
            code: 'not-one-of',
            message: `${name} ${quoted(String(value))} is not one of: ${listed}${more}.`,
          },
  ];
}
