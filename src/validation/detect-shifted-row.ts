import type { Profile } from '../okta/types.js';
import type { Problem } from '../rows/problem.js';
import { quoted } from '../text.js';
import { emailProblem } from './email.js';

/** Attributes that contain an email address only if the cells of the row are in the wrong columns. */
const neverAddresses = ['firstName', 'lastName', 'middleName', 'title', 'department', 'city', 'countryCode'];

/**
 * Detects a row whose cells are in the wrong columns: an email address in a name, and none in login or email. This one problem explains
 * all others of the row.
 */
export function detectShiftedRow(profile: Profile, problems: readonly Problem[]): Problem | undefined {
  const lacksAddress =
    addressIn(profile, 'email') === undefined || problems.some(({ code }) => code === 'login-not-an-email');
  if (!lacksAddress) return undefined;
  for (const name of neverAddresses) {
    const address = addressIn(profile, name);
    if (address === undefined) continue;
    const message = `The cells of the row seem to be in the wrong columns: ${name} contains the email address ${quoted(address)}, but login or email does not. Look for a missing or extra cell.`;
    return { code: 'row-shifted', column: undefined, message };
  }
  return undefined;
}

function addressIn(profile: Profile, name: string): string | undefined {
  const value = profile[name];
  return typeof value === 'string' && value.includes('@') && emailProblem(value) === undefined
    ? value
    : undefined;
}
