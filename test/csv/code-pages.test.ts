import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';

import { createDecoder, encodingNamed } from '../../src/csv/code-pages.js';
import { inChunks, readAll } from './read.js';

const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** Without other characters; commas and cedillas below a letter are the same. */
function lettersOf(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll('\u0327', '\u0326')
    .replaceAll(/[^\p{L}\p{M}]/gu, ' ');
}

describe('a code page of DOS or of the Macintosh', () => {
  it.each([
    ['ibm850', 'cp850'],
    ['ibm852', 'cp852'],
    ['ibm857', 'cp857'],
    ['ibm737', 'cp737'],
    ['ibm775', 'cp775'],
    ['ibm862', 'cp862'],
  ])('has the characters of %s', (encoding, reference) => {
    const [text, expected] = [
      createDecoder(encoding).decode(BYTES),
      iconv.decode(Buffer.from(BYTES), reference),
    ];

    expect(text).toBe(expected);
  });

  // iconv-lite has older versions, without the euro sign and with cedillas in Romanian.
  it.each([
    ['x-mac-ce', 'maccenteuro'],
    ['x-mac-croatian', 'maccroatian'],
    ['x-mac-greek', 'macgreek'],
    ['x-mac-icelandic', 'maciceland'],
    ['x-mac-romanian', 'macromania'],
    ['x-mac-turkish', 'macturkish'],
  ])('has the letters of %s', (encoding, reference) => {
    const [text, expected] = [
      lettersOf(createDecoder(encoding).decode(BYTES)),
      lettersOf(iconv.decode(Buffer.from(BYTES), reference)),
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
    ['macintosh', 'macintosh'],
    ['cp1252', 'windows-1252'],
    ['latin1', 'windows-1252'],
  ])('can be given with --encoding, as %s', async (label, encoding) => {
    expect(encodingNamed(label)).toBe(encoding);

    const file = iconv.encode('login,firstName\nzoe@example.com,Zo\u00e9\n', encoding);
    const read = await readAll(inChunks(file), { encoding: label });
    // Cyrillic code pages have no such letter.
    expect(read.rows[0]?.cells).toEqual(['zoe@example.com', encoding === 'ibm866' ? 'Zo?' : 'Zo\u00e9']);
  });

  it.each([
    ['mac-greek', 'x-mac-greek'],
    ['x-mac-turkish', 'x-mac-turkish'],
    ['MacCentralEurope', 'x-mac-ce'],
    ['10029', 'x-mac-ce'],
    ['x-mac-cyrillic', 'x-mac-cyrillic'],
    ['mac-cyrillic', 'x-mac-cyrillic'],
    ['mac-roman', 'macintosh'],
    ['windows-1258', 'windows-1258'],
  ])('has the label %s', (label, encoding) => {
    expect(encodingNamed(label)).toBe(encoding);
  });

  it('is not any other number', () => {
    expect(() => encodingNamed('cp999')).toThrow(RangeError);
  });
});
