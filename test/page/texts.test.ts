import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const FOLDER = 'src/page/browser';

/** Words in markup, and in attributes that are read out or shown. */
const WORDS = [
  />\s*([^<>{}()=;]*\p{L}{2,}[^<>{}()=;]*)\s*<\//gu,
  /\b(?:aria-label|alt|title|placeholder|label|legend|caption|help)="([^"]*\p{L}{2}[^"]*)"/gu,
];
/** An example of an address is the same in every language. */
const ALLOWED = new Set(['https://acme.okta.com']);

it('every text of the page is in the files of texts, ready for translation', () => {
  const screens = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.tsx'),
  );

  const found = screens.flatMap((name) => {
    const code = readFileSync(join(FOLDER, name), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    return WORDS.flatMap((pattern) => [...code.matchAll(pattern)].map(([, text = '']) => text.trim()))
      .filter((text) => !ALLOWED.has(text))
      .map((text) => `${name}: ${text}`);
  });

  expect(screens.length).toBeGreaterThan(20);
  expect(found).toEqual([]);
});
