import type { HiddenIf } from '../mapping/row-shape.js';
import type { Profile, ProfileValue } from '../okta/types.js';
import type { Problem } from '../rows/problem.js';
import { quoted } from '../text.js';
import { emailProblem } from './email.js';

/** Attributes that contain an email address only if the cells of the row are in the wrong columns. */
const neverAddresses = ['firstName', 'lastName', 'middleName', 'title', 'department', 'city', 'countryCode'];

/**
 * Detects a row whose cells are in the wrong columns: an email address in a name, and none in login or email. This one problem explains
 * all others of the row.
 *
 * @param hiddenIf - when its cells must not be shown: then this one problem replaces all others, which quote them.
 */
export function detectShiftedRow(
  profile: Profile,
  problems: readonly Problem[],
  hiddenIf: HiddenIf | undefined,
): Problem | undefined {
  if (hiddenIf === 'any-problem') return HIDDEN_ROW;
  const isNoLogin = problems.some(({ code }) => code === 'login-not-an-email');
  const lacksAddress = addressIn(profile, 'email') === undefined || isNoLogin;
  if (!lacksAddress) return undefined;
  if (hiddenIf === 'no-address') {
    const { login, email } = profile;
    if (isForeign(email) || (isNoLogin && isForeign(login))) return HIDDEN_ROW;
  }
  for (const name of neverAddresses) {
    const address = addressIn(profile, name);
    if (address === undefined) continue;
    const value = hiddenIf === undefined ? `the email address ${quoted(address)}` : 'an email address';
    const message = `The cells of the row seem to be in the wrong columns: ${name} contains ${value}, but login or email does not. Look for a missing or extra cell.`;
    return { code: 'row-shifted', column: undefined, message };
  }
  return undefined;
}

/** An address without its @ still has a dot, unlike a name. */
function isForeign(value: ProfileValue | undefined): boolean {
  return typeof value === 'string' && !/[@.]/.test(value);
}

const HIDDEN_ROW: Problem = {
  code: 'row-shifted',
  column: undefined,
  message:
    'The cells of the row seem to be in the wrong columns: login or email is not a single address. They are not shown, because the file contains secrets. Look for a missing or extra cell, or text that does not belong there.',
};

function addressIn(profile: Profile, name: string): string | undefined {
  const value = profile[name];
  return typeof value === 'string' && value.includes('@') && emailProblem(value) === undefined
    ? value
    : undefined;
}
