import type { Profile } from '../okta/types.js';
import type { Problem } from '../rows/problem.js';
import { quoted } from '../text.js';
import { emailProblem } from './email.js';

/** Attributes that hold no address, unless the cells of a row stand in the wrong columns. */
const neverAddresses = ['firstName', 'lastName', 'middleName', 'title', 'department', 'city', 'countryCode'];

/** An address where a name belongs, and none where it belongs: then whatever else is wrong follows from that. */
export function isShifted(profile: Profile, problems: readonly Problem[]): boolean {
  const isWithoutAddress =
    addressIn(profile, 'email') === undefined || problems.some(({ code }) => code === 'login-not-an-email');
  return isWithoutAddress && neverAddresses.some((name) => addressIn(profile, name) !== undefined);
}

export function rowShifted(profile: Profile): Problem {
  const name = neverAddresses.find((attribute) => addressIn(profile, attribute) !== undefined) ?? '';
  return {
    code: 'row-shifted',
    column: undefined,
    message: `The row's cells look shifted: ${name} holds an address, ${quoted(addressIn(profile, name) ?? '')}, and login or email holds none. Look for a cell that was left out, or one too many.`,
  };
}

function addressIn(profile: Profile, name: string): string | undefined {
  const value = profile[name];
  return typeof value === 'string' && value.includes('@') && emailProblem(value) === undefined
    ? value
    : undefined;
}
