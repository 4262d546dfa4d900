import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { readLetterTemplate, type LetterTemplate } from '../../src/letters/letter-template.js';
import type { Letter } from '../../src/letters/letter.js';
import { lettersHtml } from '../../src/letters/letters-html.js';
import { Secret } from '../../src/secret.js';

const ORG = { url: 'https://acme.example.com', name: 'Acme', logo: undefined };

const LETTER: Letter = {
  oktaId: '00u1',
  login: 'noor@example.com',
  firstName: 'Noor',
  lastName: 'Haddad',
  email: 'noor@example.com',
  language: undefined,
  link: new Secret('https://acme.example.com/tokens/1/verify'),
  password: undefined,
  expiresAtMs: Date.UTC(2026, 6, 1, 12, 30),
};

/** @param files - the text of the template, or of templates by file name. */
function templateOf(files: string | Readonly<Record<string, string>>): Promise<LetterTemplate> {
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const all = typeof files === 'string' ? { 'letter.liquid.html': files } : files;
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
  return readLetterTemplate({ path: join(folder, 'letter.liquid.html'), org: ORG });
}

it.each([
  ['a loop over a huge range', '{% for i in (1..100000000) %}{{ i }}{% endfor %}', 'memory alloc limit'],
  [
    'loops in loops that never end',
    '{% for i in (1..9000) %}{% for j in (1..9000) %}{% for k in (1..9000) %}{% endfor %}{% endfor %}{% endfor %}',
    // Whichever limit the machine reaches first.
    '(template render limit|memory alloc limit)',
  ],
  [
    'a text that doubles in a loop',
    '{% assign a = "xxxx" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}',
    'memory alloc limit',
  ],
  ['more text than a template has', 'x'.repeat(10_000_001), 'parse length limit'],
  ['tags that are nested too deeply', '{% if hasLink %}'.repeat(50_000), '.'],
])('a template with %s is refused', async (_title, text, message) => {
  await expect(templateOf(`{{ link }}${text}`)).rejects.toMatchObject({
    code: 'ERR_LETTERS_FILE',
    message: expect.stringMatching(
      new RegExp(`^The letter template .*letter\\.liquid\\.html is wrong: .*${message}`),
    ) as unknown,
  });
});

it.each([
  ['{{ nickname }}', 'undefined variable: nickname'],
  ['{% if lastName == "Berg" %}{{ nickname }}{% endif %}', 'undefined variable: nickname'],
  ['{% if lastName == "Berg" %}{{ org.phone }}{% endif %}', 'undefined variable: org.phone'],
  ['{% if lastName == "Berg" %}{{ login | shout }}{% endif %}', 'undefined filter: shout'],
  ['{% if lastName == "Berg" %}{% include "/etc/hosts" %}{% endif %}', 'tag "include" not found'],
  ['{% render "/etc/hosts" %}', 'tag "render" not found'],
  ['{% layout "/etc/hosts" %}', 'tag "layout" not found'],
  ['{% if %}', 'invalid value expression'],
  ['{{ firstName.constructor }}', 'undefined variable: firstName.constructor'],
])('a template with %s is refused, even in a branch that no sample reaches', async (text, message) => {
  await expect(templateOf(`{{ link }}${text}`)).rejects.toMatchObject({
    code: 'ERR_LETTERS_FILE',
    message: expect.stringContaining(message) as unknown,
  });
});

it('a template may define its own variables', async () => {
  const template = await templateOf(
    '{% assign greeting = "Dear " | append: firstName %}{% capture end %}by {{ expires }}{% endcapture %}' +
      '{% for i in (1..2) %}{{ i }}/{{ forloop.length }} {% endfor %}{{ greeting }}: {{ link }} {{ end }} {{ firstName.size }}',
  );

  expect(template.render(LETTER).html).toMatch(
    /^1\/2 2\/2 Dear Noor: https:\/\/acme\.example\.com\/tokens\/1\/verify by .* 4$/,
  );
});

it.each([
  ['en', 'UTC', /July 1, 2026.* 12:30 PM UTC$/],
  ['en', 'America/New_York', /July 1, 2026.* 8:30 AM EDT$/],
  ['de', 'Europe/Vienna', /1\. Juli 2026.* 14:30 MESZ$/],
  ['en', 'Asia/Kolkata', /July 1, 2026.* 6:00 PM GMT\+5:30$/],
])('a link expires at a time with its zone, in %s and %s', async (language, timeZone, expected) => {
  const before = process.env['TZ'];
  process.env['TZ'] = timeZone;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
  const template = await templateOf({
    'letter.liquid.html': '{{ link }}',
    'letter.de.liquid.html': '{{ link }} {{ expires }}',
    'letter.en.liquid.html': '{{ link }} {{ expires }}',
  });

  const { html } = template.render({ ...LETTER, language });

  expect(html.replaceAll(/[\u{a0}\u{202f}]/gu, ' ')).toMatch(expected);
});

it.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['de_CH', 'de'],
  ['DE', 'de'],
  ['zh-Hant-TW', 'zh-hant'],
  ['zh_Hant_HK', 'zh-hant'],
  ['zh-Hans-CN', 'en'],
  ['pt-BR', 'pt-br'],
  ['pt-PT', 'en'],
  ['ar-EG', 'ar'],
  ['nl', 'en'],
  ['', 'en'],
  ['-', 'en'],
  ['constructor', 'en'],
])('a person whose language is %j gets the letter in %s', async (language, expected) => {
  const template = await templateOf({
    'letter.liquid.html': 'en {{ link }}',
    'letter.de.liquid.html': 'de {{ link }}',
    'letter.pt_BR.liquid.html': 'pt-br {{ link }}',
    'letter.zh-Hant.liquid.html': 'zh-hant {{ link }}',
    'letter.ar.liquid.html': 'ar {{ link }}',
  });

  const { html, language: used } = template.render({ ...LETTER, language });

  expect([html.split(' ')[0], used]).toEqual([expected, expected]);
});

it('files beside the template that are not translations are ignored', async () => {
  const broken = '{% if %}';
  const template = await templateOf({
    'letter.liquid.html': '{{ link }}',
    'letter.de_1_.liquid.html': broken,
    'letter.de-12.liquid.html': broken,
    'letter.draft.liquid.html': broken,
    'letter.de.liquid.html~': broken,
    'other.de.liquid.html': broken,
  });

  expect(template.render(LETTER).language).toBe('en');
});

it('markup, quotes and emoji in names are printed as they are', async () => {
  const template = await readLetterTemplate({ path: undefined, org: { ...ORG, name: 'Lee & <Sons>' } });

  const { html } = template.render({
    ...LETTER,
    firstName: '<script>alert("1")</script>',
    lastName: `O'Neil 🎉 {{ link }}`,
    login: '"><img src=x>@example.com',
  });

  expect(html).toContain('&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; O&#39;Neil 🎉 {{ link }}');
  expect(html).toContain('<dd>&#34;&gt;&lt;img src=x&gt;@example.com</dd>');
  expect(html).toContain('Your account at Lee &amp; &lt;Sons&gt;');
});

it.each([
  ['ar', true],
  ['he-IL', true],
  ['ckb', true],
  ['pa-Arab', true],
  ['az', false],
  ['arn', false],
  ['en', false],
])('letters in %s are laid out from right to left: %s', (language, isRightToLeft) => {
  const format = lettersHtml({ render: () => ({ html: '', language }) }, 'Letters');

  expect(format.format(LETTER).includes(' dir="rtl"')).toBe(isRightToLeft);
});
