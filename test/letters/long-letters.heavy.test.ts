import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { readLetterTemplate } from '../../src/letters/letter-template.js';
import type { Letter } from '../../src/letters/letter.js';
import { LettersFile } from '../../src/letters/letters-file.js';
import { lettersHtml } from '../../src/letters/letters-html.js';
import { Secret } from '../../src/secret.js';

const MAX_STRING = 0x2000_0000;

const ANN: Letter = {
  oktaId: '00u1',
  login: 'ann@example.com',
  firstName: 'Ann',
  lastName: 'Lee',
  email: 'ann@example.com',
  language: undefined,
  link: new Secret('https://acme.example.com/tokens/1/verify'),
  password: undefined,
  expiresAtMs: 0,
};

it('a file of letters that is longer than the longest string can be continued', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'letters-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const org = { url: 'https://acme.example.com', name: 'Acme', logo: undefined };
  const format = lettersHtml(await readLetterTemplate({ path: undefined, org }), 'Letters');
  const path = join(folder, 'letters.html');
  const begun = await LettersFile.open(path, format);
  await begun.add(ANN);
  await begun.close();
  const block = format.format({ ...ANN, oktaId: '00u2' }).repeat(40);
  for (let length = 0; length < MAX_STRING; length += block.length) appendFileSync(path, block);
  appendFileSync(path, format.format({ ...ANN, oktaId: '00u3' }).slice(0, -1));
  const before = process.memoryUsage().rss;

  const continued = await LettersFile.open(path, format);
  onTestFinished(() => continued.close());

  expect(['00u1', '00u2', '00u3'].map((oktaId) => continued.has(oktaId))).toEqual([true, true, false]);
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_STRING / 2);
});
