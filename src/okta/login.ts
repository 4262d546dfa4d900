/** Two spellings of one login: Okta ignores case and diacritics (Users, "login"). */
export function isSameLogin(one: string, other: string): boolean {
  return one === other || loginKey(one) === loginKey(other);
}

/** What two spellings of one login have in common. */
export function loginKey(login: string): string {
  // Nearly all logins are ASCII, and need no decomposing.
  return (/^[ -~]*$/.test(login) ? login : withoutAccents(login)).toLowerCase();
}

export function withoutAccents(login: string): string {
  return login.normalize('NFD').replaceAll(/\p{M}/gu, '');
}
