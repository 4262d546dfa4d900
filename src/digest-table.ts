/** 32-bit words per slot: two of the digest, one for the number. Number 0 is an empty slot. */
const SLOT_WORDS = 3;
const FIRST_SLOTS = 16 * 1024;
/** 48 MB: more texts than that are not expected on somebody's word. */
const MOST_FIRST_SLOTS = 4 * 1024 * 1024;
/** Above this a new part is added, since linear probing gets slow in a nearly full part. */
const MAX_FILL = 0.7;

/**
 * Maps texts to numbers: the line on which a text first occurred, or where its data is stored.
 *
 * Stores no texts but 64 bits of a digest, in a slot chosen by 32 other bits: 12 bytes per slot, so 25 MB for a million texts
 * and 200 MB for ten million. Hits are not confirmed: the probability that any two of ten million texts are confused is
 * below 1 in 10^10.
 */
export class DigestTable {
  /** Each twice as large as the one before, all but the last one full. Nothing is ever moved, so no memory is wasted. */
  readonly #parts: Uint32Array[];
  /** How many more fit into the last part. */
  #room: number;
  readonly #digest = new Uint32Array(SLOT_WORDS);

  /** @param expected - about how many texts there will be: if they fit into one part, only that has to be looked at. */
  constructor(expected = 0) {
    let slots = FIRST_SLOTS;
    while (slots * MAX_FILL < expected && slots < MOST_FIRST_SLOTS) slots *= 2;
    this.#parts = [new Uint32Array(slots * SLOT_WORDS)];
    this.#room = slots * MAX_FILL;
  }

  /**
   * Sets the number of a text, unless it has one.
   *
   * @param number - above 0 and below 2^32.
   * @returns the number that the text already had.
   */
  setIfAbsent(text: string, number: number): number | undefined {
    const known = this.find(text);
    if (known !== undefined) return known;
    if (this.#room < 1) this.#grow();
    const last = this.#parts.at(-1)!;
    const slot = slotIn(last, this.#digest);
    last[slot] = this.#digest[1]!;
    last[slot + 1] = this.#digest[2]!;
    last[slot + 2] = number;
    this.#room -= 1;
    return undefined;
  }

  /** Sets the number of a text, in place of the one that it may have. */
  set(text: string, number: number): void {
    digestInto(this.#digest, text);
    for (const part of this.#parts) {
      const slot = slotIn(part, this.#digest);
      if (part[slot + 2] === 0) continue;
      part[slot + 2] = number;
      return;
    }
    this.setIfAbsent(text, number);
  }

  /** The number of a text; undefined for none. */
  find(text: string): number | undefined {
    digestInto(this.#digest, text);
    for (const part of this.#parts) {
      const number = part[slotIn(part, this.#digest) + 2];
      if (number !== 0) return number;
    }
    return undefined;
  }

  #grow(): void {
    const words = this.#parts.at(-1)!.length * 2;
    this.#parts.push(new Uint32Array(words));
    this.#room = (words / SLOT_WORDS) * MAX_FILL;
  }
}

/** The slot of a digest in a part, or the empty slot where it belongs. */
function slotIn(part: Uint32Array, digest: Uint32Array): number {
  const second = digest[1];
  const third = digest[2];
  // A power of two.
  const slots = part.length / SLOT_WORDS;
  let slot = (digest[0]! & (slots - 1)) * SLOT_WORDS;
  while (part[slot + 2] !== 0 && (part[slot] !== second || part[slot + 1] !== third)) {
    slot += SLOT_WORDS;
    if (slot === part.length) slot = 0;
  }
  return slot;
}

/**
 * MurmurHash3 (x86, 128 bits, by Austin Appleby, public domain) of the text's UTF-16 code units, the last block padded with
 * zeros. Not cryptographic: the author of a file could make two logins collide, with no gain but a false problem.
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

/** Two UTF-16 code units as one word; zeros beyond the end. */
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
