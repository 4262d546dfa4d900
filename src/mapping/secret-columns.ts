import type { CellReader } from './compile-reader.js';
import { secretPaths } from './okta-field-paths.js';

/**
 * Indexes of the columns whose cells must never be shown: also of those that are ignored or mapped elsewhere, but have a
 * secret's name.
 */
export function secretColumns(
  header: readonly string[],
  readers: ReadonlyMap<string, CellReader>,
  pathOf: (column: string) => string | undefined,
): ReadonlySet<number> {
  const mapped = [...readers].flatMap(([path, reader]) => (secretPaths.has(path) ? reader.columns : []));
  const lookalikes = [...header.keys()].filter((index) => {
    const column = header[index] ?? '';
    const path = pathOf(column);
    return path === undefined ? looksSecret(column) : secretPaths.has(path);
  });
  return new Set([...mapped, ...lookalikes]);
}

/** Whether a column has a name such as `Old password`, in any of the usual languages. */
export function looksSecret(column: string): boolean {
  return SECRET.test(column.normalize('NFC'));
}

const SECRET =
  /pass(?:word|wort|phrase|code|wd)|pwd|kennwort|secret|contrase[ñn]|mot\s*de\s*passe|\bmdp\b|\bsenha|palavra[-\s]*passe|wachtwoord|has[łl]o|l[öo]senord|passord|adgangskode|kodeord|salasana|\bheslo|jelsz[óo]|parol[aăă]|[şs]ifre|пароль|密[码碼]|パスワード|비밀번호|암호/iu;
