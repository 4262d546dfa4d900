/** Whether Okta considers two logins the same: it ignores case and diacritics (Users, "login"). */
export function isSameLogin(one: string, other: string): boolean {
  return one === other || loginKey(one) === loginKey(other);
}

/** Equal for all spellings of the same login. */
export function loginKey(login: string): string {
  // Nearly all logins are ASCII and need no normalization.
  return (/^[ -~]*$/.test(login) ? login : withoutAccents(login)).toLowerCase();
}

export function withoutAccents(login: string): string {
  return login.normalize('NFD').replaceAll(/\p{M}/gu, '');
}
