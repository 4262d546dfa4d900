import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';

import { createDecoder, encodingNamed } from '../../src/csv/code-pages.js';
import { inChunks, readAll } from './read.js';

const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe('a code page of DOS', () => {
  it.each([
    ['ibm850', 'cp850'],
    ['ibm852', 'cp852'],
    ['ibm857', 'cp857'],
  ])('has the characters of %s', (encoding, reference) => {
    const [text, expected] = [
      createDecoder(encoding).decode(BYTES),
      iconv.decode(Buffer.from(BYTES), reference),
    ];

    expect(text).toBe(expected);
  });

  it.each([
    ['cp850', 'ibm850'],
    ['IBM852', 'ibm852'],
    ['dos-857', 'ibm857'],
    ['850', 'ibm850'],
    ['cp858', 'ibm850'],
    ['cp866', 'ibm866'],
    ['cp1252', 'windows-1252'],
    ['latin1', 'windows-1252'],
  ])('can be given with --encoding, as %s', async (label, encoding) => {
    expect(encodingNamed(label)).toBe(encoding);

    const file = iconv.encode('login,firstName\nzoe@example.com,Zo\u00e9\n', encoding);
    const read = await readAll(inChunks(file), { encoding: label });
    // Cyrillic code pages have no such letter.
    expect(read.rows[0]?.cells).toEqual(['zoe@example.com', encoding === 'ibm866' ? 'Zo?' : 'Zo\u00e9']);
  });

  it('is not any other number', () => {
    expect(() => encodingNamed('cp999')).toThrow(RangeError);
  });
});
