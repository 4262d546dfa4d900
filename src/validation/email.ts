import { codePointName } from '../text.js';

/**
 * Why a text is not an email address, as a clause; undefined if it is one.
 *
 * The form is dot-atom `@` domain of RFC 5322, section 3.2.3, with letters of all scripts as in RFC 6531, section 3.3. No quoted local
 * parts. A domain of one label is valid, as in Active Directory.
 */
export function emailProblem(text: string): string | undefined {
  if (plainAddress.test(text)) return undefined;
  const address = addressIn(text);
  if (address !== undefined) return `it contains more than the address ${address}`;
  const at = text.indexOf('@');
  if (at === -1) return text.includes('＠') ? 'it has a full-width ＠' : 'it has no @';
  if (text.includes('@', at + 1)) {
    return isList(text) ? 'these are several addresses' : 'it has more than one @';
  }
  if (at === 0) return 'there is nothing before the @';
  if (at === text.length - 1) return 'there is nothing after the @';
  if (/\s/.test(text)) return 'it contains a space';
  if (hasEmptyAtom(text, at)) return 'a dot is at the start or end, or next to the @ or another dot';
  const stray = strayCharacter(text, at);
  if (stray !== undefined) return `it contains ${stray}`;
  // RFC 5321, section 4.1.2.
  if (/[@.]-|-(?:\.|$)/.test(text.slice(at))) {
    return 'a part of its domain starts or ends with a hyphen';
  }
  return undefined;
}

/** Whether the domain of an address has one label, as inside a company, or if its end was forgotten. */
export function hasBareDomain(address: string): boolean {
  const at = address.indexOf('@');
  return at !== -1 && !address.includes('.', at);
}

/** Fast path: matches nearly all addresses; the others are checked in detail. */
const plainAddress = /^[\w+-]+(?:\.[\w+-]+)*@(?!-)[a-z\d-]+(?<!-)(?:\.(?!-)[a-z\d-]+(?<!-))*$/i;

/** The one address in `Ann Lee <ann@example.com>`, `mailto:ann@example.com` and the like. */
function addressIn(text: string): string | undefined {
  const [, inner = ''] = /^(?:[^<>@]*<)?(?:mailto:|smtp:)?([^\s<>:"']+@[^\s<>:"']+?)>?$/i.exec(text) ?? [];
  return inner !== text && plainAddress.test(inner) ? inner : undefined;
}

function isList(text: string): boolean {
  const parts = text.split(/[;,|/\s]+/).filter((part) => part !== '');
  return parts.length > 1 && parts.every((part) => plainAddress.test(part));
}

function hasEmptyAtom(text: string, at: number): boolean {
  const [first, last] = [0, text.length - 1];
  return (
    text[first] === '.' ||
    text[last] === '.' ||
    text[at - 1] === '.' ||
    text[at + 1] === '.' ||
    text.includes('..')
  );
}

/** The specials of RFC 5322, and control characters. */
const stray = /[\p{Cc}"(),:;<>[\\\]]/u;
/** A domain has letters and digits of any script, hyphens and dots. */
const strayInDomain = /[^\p{L}\p{M}\p{N}.-]/u;

function strayCharacter(text: string, at: number): string | undefined {
  const [found] = stray.exec(text) ?? strayInDomain.exec(text.slice(at + 1)) ?? [];
  if (found === undefined) return undefined;
  if (/\p{Cc}/u.test(found)) return 'a control character';
  return /\p{Default_Ignorable_Code_Point}/u.test(found)
    ? `an invisible character (${codePointName(found)})`
    : found;
}
