import { countryCodes } from './countries.js';
import { codesByName, nameKey } from './display-names.js';

/** ISO 639-1. */
const LANGUAGE_CODES: ReadonlySet<string> = new Set(
  `
  aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy
  da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu
  hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb
  lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om
  or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw
  ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
  iw in ji sh mo
`
    .trim()
    .split(/\s+/),
);

/** What is often written for the code of a language: the code of its country, or of three letters. */
const MISTAKEN: Readonly<Record<string, string>> = {
  cn: 'zh',
  cz: 'cs',
  dk: 'da',
  gb: 'en',
  gr: 'el',
  jp: 'ja',
  us: 'en',
  br: 'pt',
  ger: 'de',
  deu: 'de',
  eng: 'en',
  fre: 'fr',
  fra: 'fr',
  spa: 'es',
  ita: 'it',
  por: 'pt',
  dut: 'nl',
  nld: 'nl',
  pol: 'pl',
  swe: 'sv',
  jpn: 'ja',
  chinese: 'zh',
};

/** Whether text is the first part of a language tag: `en` of `en-US`. Codes of three letters are not known completely. */
export function isLanguageCode(text: string): boolean {
  const code = text.toLowerCase();
  if (code.length === 2) return LANGUAGE_CODES.has(code);
  return code.length === 3 || code === 'x' || code === 'i';
}

/** Finds the tag of a language by its name: `de` for `German`, `en-GB` for `English (UK)`. */
export type LanguageLookup = (text: string) => string | undefined;

/** The names are loaded on first use, as most files do not need them. @param countryOf - finds the code of a country by its name. */
export function createLanguageLookup(countryOf: (text: string) => string | undefined): LanguageLookup {
  let codeByName: ReadonlyMap<string, string> | undefined;
  const codeOf = (name: string): string | undefined => {
    const key = nameKey(name);
    codeByName ??= codesByName('language', LANGUAGE_CODES);
    return codeByName.get(key) ?? (Object.hasOwn(MISTAKEN, key) ? MISTAKEN[key] : undefined);
  };
  return (text) => {
    const whole = codeOf(text);
    if (whole !== undefined) return whole;
    const [, name = '', place = ''] = /^([^(),/_-]+)[\s(),/_-]+([^()]+)\)?$/u.exec(text.trim()) ?? [];
    const language = isKnownCode(name) ? name.trim().toLowerCase() : codeOf(name);
    if (language === undefined) return undefined;
    const code = place.trim().toUpperCase();
    const country = countryCodes.has(code) ? code : countryOf(place);
    return country === undefined ? undefined : `${language}-${country}`;
  };
}

function isKnownCode(text: string): boolean {
  return LANGUAGE_CODES.has(text.trim().toLowerCase());
}

/** The usual locale of a language: `de_DE` for `de`, `en_GB` for `en-GB`. */
export function localeOf(tag: string): string | undefined {
  try {
    const { language, region } = new Intl.Locale(tag).maximize();
    return region === undefined ? undefined : `${language}_${region}`;
  } catch {
    // Not a language tag.
    return undefined;
  }
}
