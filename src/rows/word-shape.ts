const ONE_SCRIPT = ['Latin', 'Cyrillic', 'Greek', 'Hebrew', 'Arabic', 'Thai', 'Hangul', 'Han', 'Hira', 'Kana']
  .map((script) =>
    script === 'Han'
      ? '[\\p{Script=Han}\\p{Script=Hira}\\p{Script=Kana}ー々〆ヶ]+'
      : `[\\p{Script=${script}}\\p{M}]+`,
  )
  .join('|');
const WORD_OF_ONE_SCRIPT = new RegExp(`^(?:${ONE_SCRIPT})$`, 'u');
/** `Zoë`, `ZOË`, `LeFèvre`, and letters without case; not `zoË`. */
const WORD_CASE = /^(?:[^\p{Lu}]*(?:\p{Lu}[^\p{Lu}]+)*|[^\p{Ll}]+)$/u;
/** Runs of non-ASCII characters, with the letters around them. */
const NON_ASCII_WORD = /[a-z\u0080-\u{10ffff}]*[\u0080-\u{10ffff}][a-z\u0080-\u{10ffff}]*/giu;
/** Non-ASCII punctuation in and around words. */
const PUNCTUATION = /[‘’‚“”„«»‹›–—…€£§°ºª·•¿¡®™©、。・「」（）　\u00a0]/gu;

/** Share, from 0 to 1, of the non-ASCII words that look like words: one script, usual case, no symbols. */
export function wordLikeShare(text: string): number {
  let words = 0;
  let good = 0;
  for (const [found] of text.matchAll(NON_ASCII_WORD)) {
    for (const word of found.replaceAll(PUNCTUATION, ' ').split(' ')) {
      if (word === '') continue;
      words += 1;
      if (WORD_OF_ONE_SCRIPT.test(word) && WORD_CASE.test(word)) good += 1;
    }
  }
  return words === 0 ? 1 : good / words;
}
