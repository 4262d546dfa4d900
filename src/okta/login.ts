/** Two spellings of one login: Okta ignores case and diacritics (Users, "login"). */
export function isSameLogin(one: string, other: string): boolean {
  return loginKey(one) === loginKey(other);
}

function loginKey(login: string): string {
  return withoutAccents(login).toLowerCase();
}

export function withoutAccents(login: string): string {
  return login.normalize('NFD').replaceAll(/\p{M}/gu, '');
}
