/** A CSV with this many valid rows, one per line: `p1@example.com`, `p2@example.com`, … */
export function peopleCsv(count: number, moreCells: Readonly<Record<string, string>> = {}): string {
  const more = Object.entries(moreCells);
  const header = ['login', 'email', 'firstName', 'lastName', ...more.map(([column]) => column)];
  const lines = Array.from({ length: count }, (_, index) => {
    const login = loginOf(index + 1);
    return [login, login, `Given ${index + 1}`, 'Family', ...more.map(([, cell]) => cell)].join(',');
  });
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** The login of a row of `peopleCsv`. */
export function loginOf(row: number): string {
  return `p${row}@example.com`;
}

/** The logins of the rows 1 to `count`. */
export function loginsTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => loginOf(index + 1));
}

/** The profile of a row of `peopleCsv`. */
export function profileOf(row: number): Readonly<Record<string, string>> & { readonly login: string } {
  const login = loginOf(row);
  return { login, email: login, firstName: `Given ${row}`, lastName: 'Family' };
}

/** A CSV with a row for each of the groups. */
export function peopleIn(...groups: readonly string[]): string {
  const lines = groups.map((group, index) => [...Object.values(profileOf(index + 1)), group].join(','));
  return `${['login,email,firstName,lastName,groups', ...lines].join('\n')}\n`;
}
