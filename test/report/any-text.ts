import * as fc from 'fast-check';

/** Any text, including characters that end fields, lines and elements. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\\ \t \n \r \0 < > & " \' , = + - @ !'.split(' '), ' ', '</script'),
    fc.string({ unit: 'grapheme' }),
  ),
});
