/** Words a slot: three of the digest, one of the number. A number of 0 is an empty slot. */
const SLOT_WORDS = 4;
const FIRST_SLOTS = 1024;
/** Above this the table doubles: linear probing slows down steeply when it fills up. */
const MAX_FILL = 0.7;

/**
 * Remembers a number for each of any number of texts: the line on which it stood, the place where it is kept.
 *
 * Keeps no text, but 96 bits of digest: 16 bytes a slot, so 32 MB for a million texts and 256 MB for ten million, half
 * as much again while it grows. Among ten million texts the odds that any two share a digest are below 1 in 10^15, and
 * what would happen is that one row is taken for another; so a hit is not confirmed.
 */
export class DigestTable {
  #slots = new Uint32Array(FIRST_SLOTS * SLOT_WORDS);
  #count = 0;
  readonly #digest = new Uint32Array(SLOT_WORDS);

  /**
   * The number that the text has already, or undefined: then it is this one from now on.
   *
   * @param number - above 0 and below 2^32.
   */
  claim(text: string, number: number): number | undefined {
    digestInto(this.#digest, text);
    const slot = this.#slotOf(this.#digest, 0);
    const first = this.#slots[slot + 3];
    if (first !== undefined && first !== 0) return first;

    this.#slots.set(this.#digest, slot);
    this.#slots[slot + 3] = number;
    this.#count += 1;
    if (this.#count * SLOT_WORDS > this.#slots.length * MAX_FILL) this.#double();
    return undefined;
  }

  /** The number of a text; undefined when it has none. */
  find(text: string): number | undefined {
    digestInto(this.#digest, text);
    return this.#slots[this.#slotOf(this.#digest, 0) + 3] || undefined;
  }

  /** Where the digest at `from` in `words` is, or the empty slot where it belongs. */
  #slotOf(words: Uint32Array, from: number): number {
    const slots = this.#slots;
    const [first, second, third] = [words[from] ?? 0, words[from + 1], words[from + 2]];
    const mask = slots.length - 1;
    let slot = (first * SLOT_WORDS) & mask;
    while (slots[slot + 3] !== 0) {
      if (slots[slot] === first && slots[slot + 1] === second && slots[slot + 2] === third) return slot;
      slot = (slot + SLOT_WORDS) & mask;
    }
    return slot;
  }

  #double(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += SLOT_WORDS) {
      if (old[slot + 3] === 0) continue;
      const place = this.#slotOf(old, slot);
      for (let word = 0; word < SLOT_WORDS; word += 1) this.#slots[place + word] = old[slot + word] ?? 0;
    }
  }
}

/**
 * 128 bits of MurmurHash3 (x86, 128 bits, by Austin Appleby, public domain) over the text's UTF-16 units, the last block
 * padded with zeros. Not cryptographic: whoever writes the file may make two logins look alike, and gains a complaint.
 */
function digestInto(digest: Uint32Array, text: string): void {
  const length = text.length;
  let [h1, h2, h3, h4] = [0, 0, 0, 0];
  for (let at = 0; at < length; at += 8) {
    h1 ^= scrambled(pair(text, at, length), 0x239b961b, 15, 0xab0e9789);
    h1 = (Math.imul(rotated(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scrambled(pair(text, at + 2, length), 0xab0e9789, 16, 0x38b34ae5);
    h2 = (Math.imul(rotated(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scrambled(pair(text, at + 4, length), 0x38b34ae5, 17, 0xa1e38b93);
    h3 = (Math.imul(rotated(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scrambled(pair(text, at + 6, length), 0xa1e38b93, 18, 0x239b961b);
    h4 = (Math.imul(rotated(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  [h2, h3, h4] = [finished((h2 + h1) | 0), finished((h3 + h1) | 0), finished((h4 + h1) | 0)];
  h1 = (finished(h1) + h2 + h3 + h4) | 0;
  digest[0] = h1;
  digest[1] = h2 + h1;
  digest[2] = h3 + h1;
}

/** Two UTF-16 units as one word; beyond the end, zeros. */
function pair(text: string, at: number, length: number): number {
  if (at >= length) return 0;
  return text.charCodeAt(at) | (at + 1 < length ? text.charCodeAt(at + 1) << 16 : 0);
}

function scrambled(word: number, before: number, bits: number, after: number): number {
  return Math.imul(rotated(Math.imul(word, before), bits), after);
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function finished(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
