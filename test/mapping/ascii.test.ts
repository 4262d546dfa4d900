import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTransliterator, slugify } from '../../src/mapping/ascii.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mapped } from './build.js';

const toAscii = createTransliterator();

describe('a text transliterated to ASCII', () => {
  it.each([
    ['Łukasz Żółć', 'Lukasz Zolc'],
    ['Jürgen Müller', 'Jurgen Muller'],
    ['Strauß', 'Strauss'],
    ['Øystein Ærø', 'Oystein Aero'],
    ['İbrahim Işık', 'Ibrahim Isik'],
    ['Nguyễn', 'Nguyen'],
    ['A\u0301ngel', 'Angel'],
    ['Юрий Щербаков', 'Yuriy Shcherbakov'],
    ['Γεώργιος Παπαδόπουλος', 'Georgios Papadopoulos'],
    ['Ada', 'Ada'],
  ])('%s is %s', (text, ascii) => {
    expect(toAscii(text)).toBe(ascii);
  });

  it.each([
    ['Jürgen Größer', 'de', 'Juergen Groesser'],
    ['Søren Åkjær', 'da', 'Soeren Aakjaer'],
  ])('%s in the language %s is %s', (text, language, ascii) => {
    expect(toAscii(text, language)).toBe(ascii);
  });
});

describe('a slug', () => {
  it.each([
    ["Sinéad O'Brien", 'sinead-obrien'],
    ['O’Brien', 'obrien'],
    ['  Anna  Maria ', 'anna-maria'],
    ['Müller-Lüdenscheidt', 'muller-ludenscheidt'],
    ['!?', ''],
  ])('of %j is %j', (text, slug) => {
    expect(slugify(toAscii(text))).toBe(slug);
  });

  it('consists of letters, digits and single hyphens, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(slugify(toAscii(text))).toMatch(/^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?$/);
      }),
    );
  });
});

/** The login that a template makes of Jürgen Großmann. */
function login(template: string) {
  const text = `profile:\n  login: ${JSON.stringify(template)}\nignore: [First, Last]\n`;
  const mappingFile = parseMappingFile(text, 'people.yaml');
  return mapped({ First: 'Jürgen', Last: 'Großmann' }, { mappingFile }).login;
}

describe('in a template', () => {
  it.each([
    ['{{ First | slugify }}.{{ Last | slugify }}@example.com', 'jurgen.grossmann@example.com'],
    ['{{ First | slugify: "de" }}@example.com', 'juergen@example.com'],
    ['{{ First | transliterate }}', 'Jurgen'],
  ])('%s gives %s', (template, text) => {
    expect(login(template)).toBe(text);
  });

  it('rejects an unknown language before any row is read', () => {
    expect(() => login('{{ First | slugify: "sv" }}')).toThrow(
      'slugify supports the languages "de" and "da", not "sv"',
    );
  });
});
