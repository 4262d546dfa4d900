import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

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

const PEOPLE: readonly Letter[] = [
  person('Ann', 'Lee'),
  person('Łukasz', 'Żółć-Wielopolski-Dąbrowski von und zu Hohenfels'),
  { ...person('مريم', 'الفاسي'), link: undefined, expiresAtMs: undefined },
];

function person(firstName: string, lastName: string): Letter {
  return {
    oktaId: `00u${firstName.length}`,
    login: 'a.rather.long.login.of.somebody@subsidiary.example.com',
    firstName,
    lastName,
    email: 'person@example.com',
    language: undefined,
    link: new Secret('https://acme.okta.com/tokens/XE6wE17zmphl3KqAPFxO/verify'),
    password: undefined,
    expiresAtMs: Date.parse('2026-12-06T12:00:00Z'),
  };
}

async function openLetters(): Promise<Page> {
  const org = { url: 'https://acme.okta.com', name: 'Acme', logo: undefined };
  const format = lettersHtml(await readLetterTemplate({ path: undefined, org }), 'Letters of Acme');
  const path = join(mkdtempSync(join(tmpdir(), 'letters-')), 'letters.html');
  writeFileSync(path, format.head + PEOPLE.map((letter) => format.format(letter)).join(''));
  const context = await browser.newContext({ viewport: { width: 900, height: 1000 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href);
  return page;
}

it.each(['A4', 'Letter'])('three letters print on three pages of %s', async (format) => {
  const page = await openLetters();

  const pdf = (await page.pdf({ format })).toString('latin1');

  expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(3);
});

it('letters are accessible', async () => {
  const page = await openLetters();
  await page.evaluate(AXE);

  const { violations } = (await page.evaluate(
    `axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  )) as AxeResults;

  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
});
