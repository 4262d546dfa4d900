import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { readLetterTemplate } from '../../src/letters/letter-template.js';
import type { Letter } from '../../src/letters/letter.js';
import { LettersFile, type LetterFormat } from '../../src/letters/letters-file.js';
import { lettersHtml } from '../../src/letters/letters-html.js';
import { linksCsv } from '../../src/letters/links-csv.js';
import { Secret } from '../../src/secret.js';

const ORG = { url: 'https://acme.example.com', name: 'Acme', logo: undefined };

function letterOf(number: number, firstName = 'Ann'): Letter {
  const login = `p${number}@example.com`;
  return {
    oktaId: `00u${number}`,
    login,
    firstName,
    lastName: 'Lee',
    email: login,
    language: undefined,
    link: new Secret(`https://acme.example.com/tokens/${number}/verify`),
    password: undefined,
    expiresAtMs: 0,
  };
}

/** Names that look like the ends of cells, rows and letters. */
const NAMES = [
  'Ann',
  'A "B" C',
  'Two\r\nlines',
  '"\n"',
  '",\r\n00u9',
  '<main>\n',
  '<!-- end of letter 00u9 -->\n',
];

const FORMATS: Readonly<Record<string, () => Promise<LetterFormat>>> = {
  'links.csv': () => Promise.resolve(linksCsv),
  'letters.html': async () => lettersHtml(await readLetterTemplate({ path: undefined, org: ORG }), 'Letters'),
  // A line of the template looks like the end of the head.
  'own.html': async () =>
    lettersHtml(await ownTemplate('<main>\n{{ firstName }} {{ link }}\n</main>'), 'Own'),
};

async function ownTemplate(text: string): ReturnType<typeof readLetterTemplate> {
  const path = join(folder(), 'letter.liquid.html');
  writeFileSync(path, text);
  return readLetterTemplate({ path, org: ORG });
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'letters-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it.each(Object.keys(FORMATS))(
  '%s is continued after its last complete letter, wherever it was cut off',
  async (name) => {
    const format = await FORMATS[name]!();
    const letters = NAMES.map((firstName, index) => letterOf(index + 1, firstName));
    const path = join(folder(), name);
    const texts = letters.map((letter) => Buffer.from(format.format(letter)));
    const head = Buffer.from(format.head);
    const ends = texts.map((_, index) => Buffer.concat([head, ...texts.slice(0, index + 1)]).length);
    const whole = Buffer.concat([head, ...texts]);
    const step = Math.max(1, Math.floor(whole.length / 100));

    const wrong: number[] = [];
    // Includes the end.
    for (let length = whole.length % step; length <= whole.length; length += step) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const complete = ends.filter((end) => end <= length).length;
      const file = await LettersFile.open(path, format);
      const isRight = letters.every(({ oktaId }, index) => file.has(oktaId) === index < complete);
      for (const letter of letters) if (!file.has(letter.oktaId)) await file.add(letter);
      await file.close();
      if (!isRight || !readFileSync(path).equals(whole)) wrong.push(length);
    }

    expect(wrong).toEqual([]);
  },
);
