/**
 * What keeps a text from having the form of an email address, or undefined when it has that form.
 *
 * RFC 5322, section 3.2.3, with the letters of all scripts as RFC 6531, section 3.3 has them: dot-atom `@` domain. No
 * quoted local parts. A domain of one label is fine, as Active Directory has them.
 *
 * @see users.md, sections 4 and 4.1
 */
export function emailProblem(text: string): string | undefined {
  if (plainAddress.test(text)) return undefined;
  const at = text.indexOf('@');
  if (at === -1) return 'it has no @';
  if (text.includes('@', at + 1)) return 'it has more than one @';
  if (at === 0) return 'nothing stands before the @';
  if (at === text.length - 1) return 'nothing stands after the @';
  if (/\s/.test(text)) return 'it has a space in it';
  if (hasEmptyAtom(text, at)) return 'a dot stands at an end, next to the @ or next to another dot';
  const stray = strayCharacter(text, at);
  if (stray !== undefined) return `it has a ${stray} in it`;
  // RFC 5321, section 4.1.2.
  if (/[@.]-|-(?:\.|$)/.test(text.slice(at))) {
    return 'a hyphen stands at the beginning or the end of a part of its domain';
  }
  return undefined;
}

/** Whether the domain of an address is one word, as it may be inside a company, and as it is when its end was forgotten. */
export function hasBareDomain(address: string): boolean {
  const at = address.indexOf('@');
  return at !== -1 && !address.includes('.', at);
}

/** Nearly all addresses, told in one pass; the rest is looked at closely. */
const plainAddress = /^[\w+-]+(?:\.[\w+-]+)*@(?!-)[a-z\d-]+(?<!-)(?:\.(?!-)[a-z\d-]+(?<!-))*$/i;

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

/** What RFC 5322 calls specials, and control characters. */
const stray = /[\p{Cc}"(),:;<>[\\\]]/u;
/** A domain holds letters, digits, hyphens and dots, of any script. */
const strayInDomain = /[^\p{L}\p{M}\p{N}.-]/u;

function strayCharacter(text: string, at: number): string | undefined {
  const [found] = stray.exec(text) ?? strayInDomain.exec(text.slice(at + 1)) ?? [];
  if (found === undefined) return undefined;
  return /\p{Cc}/u.test(found) ? 'control character' : found;
}
