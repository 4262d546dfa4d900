import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

import { BUILT_IN_LETTER } from '../../src/letters/built-in-letter.js';
import type { Letter } from '../../src/letters/letter.js';
import { readLetterTemplate } from '../../src/letters/letter-template.js';
import { lettersHtml } from '../../src/letters/letters-html.js';
import { Secret } from '../../src/secret.js';

import { launchChromium } from './chromium.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const ANN: Letter = {
  oktaId: '00u1',
  login: 'ann.lee@example.com',
  firstName: 'Ann',
  lastName: 'Lee',
  email: 'ann.lee@example.com',
  language: undefined,
  link: new Secret('https://acme.okta.com/tokens/XE6wE17zmphl3KqAPFxO/verify'),
  password: undefined,
  expiresAtMs: Date.parse('2026-12-06T12:00:00Z'),
};
const WITHOUT_LINK = { link: undefined, expiresAtMs: undefined };

const PEOPLE: Readonly<Record<string, readonly Letter[]>> = {
  'with links': [
    ANN,
    {
      ...ANN,
      oktaId: '00u2',
      firstName: 'Łukasz',
      lastName: 'Żółć-Wielopolski-Dąbrowski von und zu Hohenfels',
      login: 'a.rather.long.login.of.somebody.with.many.names@subsidiary.example.com',
      link: new Secret(`https://login.subsidiary.example.com/tokens/${'XE6wE17zmphl3KqA'.repeat(6)}/verify`),
    },
    { ...ANN, oktaId: '00u3', firstName: 'مريم', lastName: 'الفاسي', language: 'ar' },
  ],
  'with passwords': [
    { ...ANN, ...WITHOUT_LINK, password: new Secret('UT3PeNr4pFv8e#BK') },
    {
      ...ANN,
      ...WITHOUT_LINK,
      oktaId: '00u2',
      firstName: '',
      lastName: '',
      password: new Secret('UT3PeNr4pFv8e#B?+'.repeat(5).slice(0, 72)),
    },
    {
      ...ANN,
      ...WITHOUT_LINK,
      oktaId: '00u3',
      firstName: 'مريم',
      lastName: 'الفاسي',
      language: 'ar',
      password: new Secret('?UT3PeNr4pFv8e#B'),
    },
  ],
};

/** @param logo - a file that does not exist. */
async function openLetters(kind: string, logo?: string, text = BUILT_IN_LETTER): Promise<Page> {
  const org = { url: 'https://acme.okta.com', name: 'Acme', logo };
  const folder = mkdtempSync(join(tmpdir(), 'letters-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const template = join(folder, 'letter.liquid.html');
  writeFileSync(template, text);
  writeFileSync(join(folder, 'letter.ar.liquid.html'), BUILT_IN_LETTER.replaceAll('Your account', 'حسابك'));
  const format = lettersHtml(await readLetterTemplate({ path: template, org }), 'Letters of Acme');
  const path = join(folder, 'letters.html');
  writeFileSync(path, format.head + (PEOPLE[kind] ?? []).map((letter) => format.format(letter)).join(''));
  const context = await browser.newContext({ viewport: { width: 900, height: 1000 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href);
  return page;
}

/** Between margins of 15 mm, in CSS pixels. */
const PAPER = { A4: { width: 680, height: 1009 }, Letter: { width: 702, height: 942 } } as const;
const KINDS = Object.keys(PEOPLE);

it.each(KINDS.flatMap((kind) => (['A4', 'Letter'] as const).map((format) => [kind, format] as const)))(
  'three letters %s print on three pages of %s, and nothing is cut off',
  async (kind, format) => {
    const page = await openLetters(kind);

    const pdf = (await page.pdf({ format })).toString('latin1');

    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(3);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(PAPER[format]);
    const sizes = (await page.evaluate(
      `[...document.querySelectorAll('.letter, .letter *')].map((e) => ({ over: e.scrollWidth - e.clientWidth, right: e.getBoundingClientRect().right, height: e.offsetHeight ?? 0, display: getComputedStyle(e).display }))`,
    )) as { over: number; right: number; height: number; display: string }[];
    const { width, height } = PAPER[format];
    expect(sizes.length).toBeGreaterThan(30);
    expect(sizes.filter((size) => size.display === 'block' && size.over > 0)).toEqual([]);
    expect(sizes.filter((size) => size.right > width || size.height > height)).toEqual([]);
  },
);

it('a logo that cannot be loaded leaves no gap', async () => {
  const left = `document.querySelector('.letter header span').getBoundingClientRect().left`;
  const [without, broken] = [await openLetters('with links'), await openLetters('with links', 'missing.png')];

  expect(await broken.evaluate(left)).toBe(await without.evaluate(left));
});

it.each([
  ['45 mm wide', '<p>{{ link }}</p>{{ qr | raw }}', 45],
  ['as wide as the element around it', '<div style="width: 60mm">{{ qr | raw }}</div>', 60],
])('the QR code of a template is %s', async (_, text, millimetres) => {
  const page = await openLetters('with links', undefined, text);

  const width = await page.evaluate(`document.querySelector('.letter svg').getBoundingClientRect().width`);

  expect(width).toBeCloseTo((millimetres / 25.4) * 96, 0);
});

it('a letter is in the direction of its language', async () => {
  const page = await openLetters('with passwords');

  const directions = await page.evaluate(
    `[...document.querySelectorAll('.letter')].map((e) => getComputedStyle(e).direction)`,
  );

  expect(directions).toEqual(['ltr', 'ltr', 'rtl']);
  const passwords = await page.evaluate(
    `[...document.querySelectorAll('.password')].map((e) => getComputedStyle(e).direction)`,
  );
  expect(passwords).toEqual(['ltr', 'ltr', 'ltr']);
  // At the end where the lines begin.
  const [right, edge] = (await page.evaluate(
    `[...document.querySelectorAll('[dir=rtl] dd')].slice(0, 3).map((e) => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect().right; }).slice(1)`,
  )) as [number, number];
  expect(right).toBeCloseTo(edge, 0);
});

it('links are laid out from left to right in every letter, so that no character moves to the other end', async () => {
  const page = await openLetters('with links');

  const links = await page.evaluate(
    `[...document.querySelectorAll('.link')].map((e) => [getComputedStyle(e).direction, getComputedStyle(e).textAlign])`,
  );

  expect(links).toEqual([
    ['ltr', 'start'],
    ['ltr', 'start'],
    ['ltr', 'right'],
  ]);
});

it.each(KINDS)('letters %s are accessible', async (kind) => {
  const page = await openLetters(kind, 'missing.png');
  await page.evaluate(AXE);

  const { violations } = (await page.evaluate(
    `axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )) as AxeResults;

  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
});
