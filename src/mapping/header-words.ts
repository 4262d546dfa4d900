/** A header cell, taken apart: `Last Name (required)` is the name `last name` with one remark. */
export interface HeaderText {
  /** All words, those in brackets included. */
  readonly words: readonly string[];
  /** The words outside of brackets. */
  readonly outside: readonly string[];
  /** The words of each part in brackets, such as `[displayName]`, with the part as it is written. */
  readonly remarks: readonly HeaderRemark[];
}

interface HeaderRemark {
  readonly text: string;
  readonly words: readonly string[];
}

/** `What is your first name?`, as forms ask it, in the languages in which many forms are written. */
const QUESTIONS: readonly RegExp[] = [
  /^(?:please )?(?:(?:enter|provide|type|write|state) )?(?:what(?: is|['’]?s) )?(?:your|the employee['’]s) (.+)$/i,
  /^(?:bitte )?(?:(?:wie (?:lautet|ist|heißt)|geben sie) )?(?:ihre?n?|deine?n?) (.+?)(?: (?:an|ein))?$/i,
  /^(?:veuillez (?:saisir|indiquer) )?(?:quel(?:le)? est )?(?:votre|ton|ta) (.+)$/i,
  /^(?:escrib[ae] )?(?:¿ ?)?(?:cu[aá]l es )?(?:su|tu) (.+)$/i,
];

/** What a question asks for; the text itself if it is none. */
function withoutQuestion(text: string): string {
  const plainText = text.replace(/\s*[?:.*]+$/, '');
  for (const question of QUESTIONS) {
    const [, asked] = question.exec(plainText) ?? [];
    if (asked !== undefined) return asked;
  }
  return text;
}

/** `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department` */
const SCIM_SCHEMA = /^urn:ietf:params:scim:schemas:[\w.:]+:User:/i;

/** Takes a header cell apart. Decoration such as `*`, `:` and `(required)` is not part of its words. */
export function readHeaderText(cell: string): HeaderText {
  const visible = withoutInvisible(cell).replace(SCIM_SCHEMA, '');
  const text = withoutQuestion(visible).replace(GENDERED_ENDING, '');
  const remarks: HeaderRemark[] = [];
  const outside = text.replace(BRACKETS, (bracketed: string) => {
    const inner = bracketed.slice(1, -1);
    const words = withoutDecoration(wordsOf(inner));
    if (words.length > 0) remarks.push({ text: inner.trim(), words });
    return ' ';
  });
  const words = withoutDecoration(wordsOf(withoutNumbering(outside)));
  // Everything is in brackets: `[Email]`.
  const [only, ...others] = remarks;
  if (words.length === 0 && only !== undefined && others.length === 0) {
    return { words: only.words, outside: only.words, remarks: [] };
  }
  return { words: [...words, ...remarks.flatMap((remark) => remark.words)], outside: words, remarks };
}

/** The two or more names of a header such as `Nachname / Last name`; none for a single name. */
export function splitAlternatives(cell: string): readonly string[] {
  const parts = withoutInvisible(cell)
    .split(/[/|\\\n\r·•・／｜]|\s[-–—:]\s/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.length < 2 ? [] : parts;
}

/** The two names in a header such as `姓 Last Name`; none for a header in a single script. */
export function splitScripts(cell: string): readonly string[] {
  if (!/\p{Script=Latin}/u.test(cell)) return [];
  const other = cell.replaceAll(/\p{Script=Latin}+/gu, ' ').trim();
  if (!/\p{L}/u.test(other)) return [];
  return [cell.replaceAll(/(?!\p{Script=Latin})[\p{L}\p{M}]+/gu, ' ').trim(), other];
}

/** A name without case, accents, spaces and punctuation, by which it is looked up. */
export function headerKey(words: readonly string[]): string {
  return words.join('');
}

/** The words of a name, in lower case and without accents; `mobilePhone` has two. */
export function wordsOf(name: string): readonly string[] {
  // As most names are: the rest takes far longer.
  if (/^[a-z ]*$/.test(name)) return joinElectronicMail(name.split(' ').filter((word) => word !== ''));
  const text = withoutInvisible(name)
    .replace(/(?<=[\p{L}\p{N}])['’ʼ´`](?:s\b)?/gu, ' ')
    .replace(/№|\bn[°º]/giu, ' no ')
    .replaceAll('#', ' no ')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .replace(/(\p{N})(\p{L})/gu, '$1 $2');
  const words = plain(text).match(/[\p{L}\p{N}\p{M}ー〒]+/gu) ?? [];
  return joinElectronicMail(words);
}

/** In lower case, without accents and in the usual form of each letter. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replaceAll(ACCENTS, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(SPECIAL_LETTERS, (letter) => PLAIN_LETTERS[letter] ?? letter);
}

/** The text without zero-width and other invisible characters, with single spaces. */
export function withoutInvisible(text: string): string {
  // Nearly every header is ASCII.
  const visible = /[^\x20-\x7e]/.test(text)
    ? text.replaceAll(INVISIBLE, '').replace(/[\p{Zs}\p{Zl}\p{Zp}\p{Cc}]+/gu, ' ')
    : text;
  return visible.trim();
}

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const ACCENTS = /[\u0300-\u036f]/g;
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ł: 'l',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  // Persian keyboards have other letters for the same Arabic ones.
  ی: 'ي',
  ک: 'ك',
};
const SPECIAL_LETTERS = /[ßłøæœđðþıیک]/g;

/** `(…)`, `[…]`, `{…}`, `<…>` and their Asian forms, without brackets inside. */
const BRACKETS =
  /\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|<[^<>]*>|（[^（）]*）|【[^【】]*】|「[^「」]*」|〔[^〔〕]*〕|［[^［］]*］/gu;
/** The second ending of German, French and Spanish nouns: `Vorgesetzte/r`, `Mitarbeiter:in`, `Vorgesetzte(r)`, `Salarié(e)`. */
const GENDERED_ENDING =
  /(?<=\p{L})(?:(?:\/-?|\()(?:r|in|innen|e|n|a)\)?|[:*_](?:r|in|innen))(?=$|[\s)\]*:;,])/giu;

/** `1. Email`, `2) First name` */
function withoutNumbering(text: string): string {
  return text.replace(/^\s*\d+\s*[.)]\s+/, '');
}

/** `E-Mail`, `e post` and `E Mail Adresse` are one word with what follows the e. */
function joinElectronicMail(words: readonly string[]): readonly string[] {
  if (!words.includes('e')) return words;
  const joined: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', next = ''] = [words[index], words[index + 1]];
    if (word === 'e' && /^(?:mail|post|posta|mejl|мейл|メール)/.test(next)) {
      joined.push(word + next);
      index += 1;
    } else joined.push(word);
  }
  return joined;
}

function withoutDecoration(words: readonly string[]): readonly string[] {
  let [first, last] = [0, words.length];
  while (last > first && DECORATION.has(words[last - 1] ?? '')) last -= 1;
  while (first < last && DECORATION.has(words[first] ?? '')) first += 1;
  return words.slice(first, last);
}

/** Words that tell whoever fills in a table what to do; they are not part of a name. Without accents. */
const DECORATION: ReadonlySet<string> = new Set(
  `required optional mandatory req opt compulsory readonly format e 164 dd mm yyyy yy iso tt jjjj jj aaaa
  pflicht pflichtfeld pflichtangabe erforderlich freiwillig optionales
  obligatoire obligatoires facultatif facultative requis requise optionnel
  obligatorio obligatoria opcional requerido requerida obrigatorio obrigatoria
  obbligatorio obbligatoria facoltativo facoltativa opzionale
  verplicht verplichte optioneel
  wymagane wymagany wymagana opcjonalne opcjonalny obowiazkowe
  obligatorisk obligatoriskt valfri valfritt kravs pakollinen povinne zorunlu kotelezo
  必須 任意 必要 必填 选填 選填 필수 선택 обязательно`
    .split(/\s+/)
    .filter((word) => word !== '')
    // The accents of some scripts are part of their letters.
    .map((word) => word.normalize('NFC')),
);
