import { codePointName, plural, quoted } from '../text.js';

/** Groups, "Add a group". */
const MAX_LENGTH = 255;

/** What is wrong with the name of a group that no group in Okta can have; undefined for nothing. */
export function groupNameProblem(name: string): string | undefined {
  const control = /\p{Cc}/u.exec(name)?.[0];
  if (control !== undefined) {
    return `The group name ${quoted(name)} contains a control character (${codePointName(control)}). Remove it.`;
  }
  // Above U+FFFF, and halves of such characters.
  const unsupported = /[\ud800-\udfff]|[\u{10000}-\u{10ffff}]/u.exec(name)?.[0];
  if (unsupported !== undefined) {
    return `The group name ${quoted(name)} contains ${unsupported} (${codePointName(unsupported)}), which Okta cannot store. Remove it.`;
  }
  if (name.length <= MAX_LENGTH) return undefined;
  return `The group name ${quoted(name)} has ${plural(name.length, 'character')}, but Okta allows at most ${MAX_LENGTH}. Check how groups are separated in the cell.`;
}

/** Whether a name is that of Okta's built-in group of all users, unless the org has another group of that name. */
export function isEveryone(name: string): boolean {
  return name.toLowerCase() === 'everyone';
}

export const EVERYONE_MESSAGE =
  'Okta adds every user to the group Everyone, and rejects it in a request. Remove it from the groups.';
