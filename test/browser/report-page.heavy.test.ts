import { readFileSync } from 'node:fs';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { outcomeOf, type RowOutcome } from '../../src/rows/outcome.js';
import { accessibilityProblems } from './accessibility.js';
import { launchChromium } from './chromium.mjs';
import { created, failed, invalid, makePage, type MadePage } from './make-page.js';

const DESKTOP: BrowserContextOptions = { viewport: { width: 1200, height: 900 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Opens a page as a reader would. In the end it must not have used the network or violated its policy. */
async function opened({ url }: MadePage, options: BrowserContextOptions = DESKTOP): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const violations: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url) violations.push(`requested ${request.url()}`);
  });
  page.on('pageerror', (error) => violations.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') violations.push(message.text());
  });
  page.on('dialog', (dialog) => {
    violations.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  onTestFinished(async () => {
    await context.close();
    expect(violations).toEqual([]);
  });
  await page.goto(url);
  return page;
}

async function texts(page: Page, selector: string): Promise<string[]> {
  const all = await page.locator(selector).allInnerTexts();
  return all.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** Logins in the table, from the top. */
async function logins(page: Page): Promise<string[]> {
  return page.locator('tbody tr[data-index] .c-login').allTextContents();
}

const someRows = [
  ...Array.from({ length: 60 }, (_, index) => created(index + 1)),
  failed(61, 'Okta says "no" to 61.'),
  invalid(62),
  invalid(63),
  failed(64, 'Another user of the org has this login already.'),
];

/** Text that would run if it were taken for markup, an attribute or a URL. */
const HOSTILE = [
  '<script>window.acted = 1</script>',
  '</script><script>window.acted = 1</script>',
  '<!--<script>',
  '"><img src=x onerror="window.acted = 1">',
  `' onmouseover='window.acted = 1' x='`,
  '<style>*{display:none}</style></style>',
  'javascript:window.acted=1',
  '=HYPERLINK("http://127.0.0.1:9/","x")',
  '\u202Egnp.exe \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627',
  '🧑🏽‍🚀 ${window.acted=1} {{7*7}} \\u003cscript\\l\\t\ttab\nline\rreturn\0nul',
  '&lt;b&gt; &amp;amp; &#60;',
];
const evil = HOSTILE.join(' ');

function hostileRun(): Promise<MadePage> {
  return makePage(
    [
      ...HOSTILE.flatMap((text, index) => [
        created(4 * index + 1, { login: text, oktaId: text }),
        failed(4 * index + 2, text, text, text),
        invalid(4 * index + 3, text, text, text),
        created(4 * index + 4),
      ]),
      {
        ...created(1e3),
        userStatus: evil,
      } as RowOutcome,
    ],
    {
      run: { state: 'running' },
      version: evil,
      summary: {
        runId: evil,
        command: evil,
        file: { name: evil, sha256: evil, encoding: evil, delimiter: evil },
        org: evil,
        stoppedBecause: evil,
      },
    },
  );
}

describe('untrusted text', () => {
  it('is shown and never runs, wherever it is placed', async () => {
    const page = await opened(await hostileRun());
    for (let index = 0; index < 4; index += 1) {
      await page.locator('tbody tr[data-index]').nth(index).click();
      await page.keyboard.press('Escape');
    }
    await page.locator('#failures button').first().click();

    expect(await page.evaluate('window.acted')).toBeUndefined();
    // The page's own script and the two that hold data.
    expect(await page.locator('script').count()).toBe(3);
    expect(await page.locator('img, iframe, object, embed, form, base').count()).toBe(0);
    const links = await page.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(new Set(links)).toEqual(new Set(['#rows-section', 'results.csv']));
  });

  it('is shown unchanged', async () => {
    const page = await opened(
      await makePage(HOSTILE.map((text, index) => failed(index + 1, text, 'E1', text))),
    );

    for (const [index, text] of HOSTILE.entries()) {
      const row = page.locator('tbody tr[data-index]').nth(index);
      expect(await row.locator('.c-login').textContent()).toBe(text);
      await row.click();
      const message = page.locator('.details dl > div', { has: page.getByText('Message', { exact: true }) });
      expect(await message.locator('dd').textContent()).toBe(text);
      await page.keyboard.press('Escape');
    }
  });

  it('passes the accessibility checks', async () => {
    const page = await opened(await hostileRun());
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});

describe('the policy', () => {
  it('allows only what the page contains', async () => {
    const made = await makePage(someRows);
    const [, policy = ''] =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(made.path, 'utf8')) ?? [];

    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/https?:|data:|\*/);
  });

  it('blocks a script and a style that are injected later', async () => {
    const made = await makePage(someRows);
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(made.url);

    const acted = await page.evaluate(`
      const script = document.createElement('script');
      try {
        script.textContent = 'window.acted = 1';
        document.body.append(script);
      } catch {
        // Trusted Types already reject the text.
      }
      document.body.setAttribute('style', 'opacity: 0.5');
      ({ script: 'acted' in window, opacity: getComputedStyle(document.body).opacity });
    `);

    expect(acted).toEqual({ script: false, opacity: '1' });
  });
});

describe('accessibility', () => {
  it.each([
    ['light', { ...DESKTOP, colorScheme: 'light' }],
    ['dark', { ...DESKTOP, colorScheme: 'dark' }],
    ['on a phone', { ...PHONE, colorScheme: 'light' }],
    ['dark on a phone', { ...PHONE, colorScheme: 'dark' }],
  ] as const)('has no problems, %s', async (_, options) => {
    const page = await opened(
      await makePage([...someRows, created(65)], { run: { state: 'interrupted' } }),
      options,
    );

    expect(await accessibilityProblems(page)).toEqual([]);
    await page.locator('tbody tr[data-index]').first().click();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('supports the keyboard alone', async () => {
    const page = await opened(await makePage(someRows));
    await page.locator('#search').focus();
    for (let tab = 0; tab < 5; tab += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('grid');

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await page.locator('dialog h2').textContent()).toBe('Given62 Family');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('grid');

    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect(await page.locator('dialog h2').textContent()).toBe('Given60 Family');
  });

  it('tells screen readers about rows outside the document', async () => {
    const page = await opened(await makePage(Array.from({ length: 500 }, (_, index) => created(index + 1))));
    const grid = page.getByRole('grid', { name: 'Rows' });
    await grid.focus();
    await page.keyboard.press('End');

    expect(await grid.getAttribute('aria-rowcount')).toBe('501');
    const active = page.locator(`#${await grid.getAttribute('aria-activedescendant')}`);
    expect(await active.getAttribute('aria-rowindex')).toBe('501');
    expect(await active.getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
  });
});

describe('rows', () => {
  it('list failures first, then follow the order of the file', async () => {
    const page = await opened(await makePage(someRows));

    expect((await logins(page)).slice(0, 6)).toEqual(
      [61, 62, 63, 64, 1, 2].map((row) => `p${row}@example.com`),
    );
  });

  it('are found by any of their words, ignoring case', async () => {
    const page = await opened(
      await makePage([...someRows, failed(65, 'Straße <b> "quoted"', 'E0000099', 'Zoë@Example.com')]),
    );
    for (const query of ['zoë EXAMPLE', 'e0000099', 'straße <b>', 'request-65', 'GIVEN65']) {
      await page.locator('#search').fill(query);
      expect(await logins(page)).toEqual(['Zoë@Example.com']);
    }
    expect(await page.locator('#rows-shown').textContent()).toContain('1 of 65 rows');

    await page.locator('#search').fill('nobody');
    expect(await page.locator('tbody').textContent()).toContain('No matching rows.');
  });

  it('can be filtered by status and by cause', async () => {
    const page = await opened(await makePage(someRows));

    await page.getByRole('button', { name: 'invalid 2' }).click();
    expect(await logins(page)).toEqual(['p62@example.com', 'p63@example.com']);
    await page.getByRole('button', { name: 'all 64' }).click();

    await page.locator('#failures li', { hasText: 'Another user' }).getByRole('button').click();
    expect(await logins(page)).toEqual(['p64@example.com']);
    await page.getByRole('button', { name: /^Only: / }).click();
    expect((await logins(page)).length).toBeGreaterThan(20);
  });

  it('are sorted by clicking a header, reversed by the second click, and restored by the third', async () => {
    const page = await opened(await makePage(someRows));
    const header = page.getByRole('columnheader', { name: 'Line' });

    await header.getByRole('button').click();
    expect([await header.getAttribute('aria-sort'), (await logins(page))[0]]).toEqual([
      'ascending',
      'p1@example.com',
    ]);
    await header.getByRole('button').click();
    expect([await header.getAttribute('aria-sort'), (await logins(page))[0]]).toEqual([
      'descending',
      'p64@example.com',
    ]);
    await header.getByRole('button').click();
    expect([await header.getAttribute('aria-sort'), (await logins(page))[0]]).toEqual([
      'none',
      'p61@example.com',
    ]);
    await page.getByLabel('Sort by').selectOption('login');
    expect((await logins(page)).slice(0, 2)).toEqual(['p10@example.com', 'p11@example.com']);
  });

  it('link to the user in the Admin Console', async () => {
    const page = await opened(await makePage(someRows));
    await page.locator('#search').fill('p7@');

    const link = page.locator('tbody .c-login a');
    expect(await link.getAttribute('href')).toBe(
      'https://acme-admin.okta.com/admin/user/profile/view/00u00000000000000007',
    );
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('have no link for an org with a custom domain', async () => {
    const page = await opened(await makePage(someRows, { summary: { org: 'https://login.example.com' } }));
    await page.locator('#search').fill('p7@');

    expect(await page.locator('tbody a').count()).toBe(0);
  });

  it('can be 100,000 with few of them in the document', async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => created(index + 1));
    const page = await opened(await makePage(many));

    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
    await page.locator('#search').fill('p99999@');
    expect(await logins(page)).toEqual(['p99999@example.com']);
    await page.locator('#search').fill('');
    await page
      .locator('.grid-scroll')
      .evaluate((grid: { scrollTop: number; scrollHeight: number }) => (grid.scrollTop = grid.scrollHeight));
    await page.getByText('p100000@example.com').waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
  });

  it('are limited in number, failures first, with a note', async () => {
    const rows = [
      ...Array.from({ length: 50 }, (_, index) => created(index + 1)),
      failed(51),
      failed(52),
      invalid(53),
    ];
    const page = await opened(await makePage(rows, { maxRows: 5 }));

    expect(await logins(page)).toEqual([51, 52, 53, 1, 2].map((row) => `p${row}@example.com`));
    expect(await page.locator('#rows-shown').textContent()).toBe(
      '5 rows on this page, failures first, out of 53 in the run. Complete list: results.csv',
    );
  });
});

describe('what comes first', () => {
  it('are failures and next steps, and timings come last', async () => {
    const nextSteps = [
      'To retry the remaining rows, fix /runs/it/failed.csv and run: okta-csv-import import /runs/it/failed.csv',
    ];
    const page = await opened(await makePage(someRows, { run: { nextSteps } }));

    expect(await page.locator('main h2').allTextContents()).toEqual([
      'Next steps',
      'Failures by cause',
      'Sign-in, emails and groups',
      'Rows',
      'About this run',
      'Timing',
    ]);
    expect(await page.locator('.steps p').textContent()).toBe(
      'To retry the remaining rows, fix /runs/it/failed.csv and run:',
    );
    // A command is one line, to be copied.
    expect(await page.locator('.steps pre').innerText()).toBe('okta-csv-import import /runs/it/failed.csv');
  });

  it('are the people whose rows failed, with the line of the file', async () => {
    const page = await opened(await makePage(someRows));

    expect(await texts(page, '#failures .people li')).toEqual([
      'Given62 Family, line 63, p62@example.com',
      'Given63 Family, line 64, p63@example.com',
      'Given61 Family, line 62, p61@example.com',
      'Given64 Family, line 65, p64@example.com',
    ]);
  });

  it('names the row of the sheet for a workbook', async () => {
    const file = { name: 'people.xlsx', sha256: '', encoding: 'utf-8', delimiter: ',', sheet: 'Hires' };
    const page = await opened(await makePage(someRows, { summary: { file } }));

    expect(await texts(page, '#failures .people li')).toContain(
      'Given62 Family, sheet row 63, p62@example.com',
    );
    expect(await page.getByRole('columnheader', { name: 'Sheet row' }).count()).toBe(1);
    const about = await page.locator('.about').innerText();
    expect(about).toMatch(/Sheet\s+Hires/);
    expect(about).not.toMatch(/Encoding|Delimiter/);
  });
});

describe('the counts', () => {
  it('of the status buttons are those of the rows that they show, whatever is searched', async () => {
    const page = await opened(await makePage(someRows));
    const shown = async (): Promise<number> =>
      Number(await page.locator('[role="grid"]').getAttribute('aria-rowcount')) - 1;

    for (const query of ['', 'p6', 'p61@', 'example.com line', 'nobody']) {
      await page.locator('#search').fill(query);
      for (const button of await page.locator('.statuses button').all()) {
        await button.click();
        expect([query, await button.textContent()]).toEqual([
          query,
          expect.stringMatching(new RegExp(` ${await shown()}$`)),
        ]);
      }
      await page.locator('.statuses button').first().click();
    }
  });

  it('of a cause are the number of rows that it shows, even if messages resemble each other', async () => {
    const rows = [
      invalid(1, 'email "a" is longer than 100 characters.', 'Email'),
      invalid(2, 'login "b" is longer than 100 characters.', 'Login'),
      invalid(3, 'login "c" is longer than 100 characters.', 'Login'),
      ...Array.from({ length: 25 }, (_, index) =>
        failed(index + 4, `Reason ${String.fromCodePoint(97 + index)}.`),
      ),
      created(29),
    ];
    const page = await opened(await makePage(rows));
    const causes = page.locator('#failures ol > li');

    expect(await causes.count()).toBe(21);
    for (const cause of await causes.all()) {
      const count = Number(await cause.locator('.count b').textContent());
      await cause.getByRole('button').click();
      expect(await logins(page)).toHaveLength(count);
    }
  });

  it('in the legend are those of the run, and the note says how many rows the page has', async () => {
    const rows = [...Array.from({ length: 50 }, (_, index) => created(index + 1)), failed(51)];
    const page = await opened(await makePage(rows, { maxRows: 11 }));

    expect(await texts(page, '.legend li')).toEqual(['50 created', '1 failed']);
    expect(await texts(page, '.statuses button')).toEqual(['all 11', 'created 10', 'failed 1']);
    expect(await page.locator('#rows-shown').textContent()).toContain('11 rows on this page');
  });
});

it.each(['light', 'dark'] as const)('uses each color for one thing, in %s colors', async (colorScheme) => {
  const rows = [...someRows, { ...created(65), status: 'updated', changes: [], joined: [] } as RowOutcome];
  const page = await opened(await makePage(rows), { ...DESKTOP, colorScheme });
  const color = (selector: string, property: string): Promise<string> =>
    page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`);
  const variable = (name: string): Promise<string> =>
    page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--${name}').trim()`);

  const colors: string[] = [];
  for (const status of ['created', 'updated', 'invalid', 'failed']) {
    const bar = await color(`.bar .s-${status}`, 'fill');
    expect([status, bar]).toEqual([status, await color(`.legend .s-${status} .swatch`, 'backgroundColor')]);
    colors.push(bar);
  }
  expect(new Set(colors).size).toBe(colors.length);
  // Red is for rows to correct, yellow for warnings: waits and 429s are neither.
  const failing = [await variable('bad'), await variable('bad-2'), await variable('warning')];
  for (const name of ['chart-mark', 'chart-band', 'chart-line']) {
    expect(failing).not.toContain(await variable(name));
  }
  expect(await color('.run-status', 'color')).toBe(await color('.chip.tone-bad', 'color'));
});

describe('a dry run', () => {
  const fields = ['login', 'firstName', 'title', 'password'];
  const outcomes: RowOutcome[] = [
    {
      ...created(1),
      status: 'would-update',
      changed: ['title'],
      changes: [{ attribute: 'title', from: 'Intern', to: 'Engineer' }],
    } as RowOutcome,
    ...Array.from({ length: 30 }, (_, index) =>
      outcomeOf({ row: index + 2, line: index + 3 }, undefined, { status: 'would-create' }),
    ),
  ];
  const page = (): Promise<MadePage> =>
    makePage(outcomes, {
      fields,
      summary: { command: 'validate' },
      values: ({ row }) => [
        `p${row}@example.com`,
        `Given${row}`,
        row === 1 ? 'Intern → Engineer' : HOSTILE[row % HOSTILE.length]!,
        '[redacted]',
      ],
    });

  it('shows the value of every attribute of every row, old → new for updates', async () => {
    const shown = await opened(await page());

    expect(await texts(shown, 'thead th:visible')).toEqual(['Line', 'Status', 'Message', ...fields]);
    expect(await texts(shown, '#row-at-0 td:visible')).toEqual([
      '2',
      'would be updated',
      'title',
      'p1@example.com',
      'Given1',
      'Intern → Engineer',
      '[redacted]',
    ]);
    await shown.locator('#search').fill('intern');
    expect(await shown.locator('tbody tr[data-index]').count()).toBe(1);
    await shown.locator('#row-at-0').click();
    expect(await shown.locator('.details dl').innerText()).toContain('Intern → Engineer');
  });

  it('sorts by a value', async () => {
    const shown = await opened(await page());
    await shown.getByRole('columnheader', { name: 'firstName' }).getByRole('button').click();
    expect((await texts(shown, 'tbody .c-value:nth-child(8)')).slice(0, 3)).toEqual([
      'Given1',
      'Given10',
      'Given11',
    ]);
  });

  it.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('passes the accessibility checks and does not scroll sideways, %s', async (_, options) => {
    const shown = await opened(await page(), options);
    expect(await accessibilityProblems(shown)).toEqual([]);
    expect(await shown.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  });
});

describe('the charts', () => {
  it('are drawn, with a text alternative', async () => {
    const page = await opened(await makePage(someRows));

    expect(await page.locator('canvas').count()).toBe(2);
    expect(await page.locator('#progress .plot').getAttribute('aria-label')).toMatch(
      /: 32,400 in 3,600 seconds; 1,800 seconds waiting for the rate limit; .*\(429\): 3\./,
    );
    expect(await page.locator('#latency .plot').getAttribute('aria-label')).toContain('median ');
  });

  it('are redrawn when the color scheme changes', async () => {
    const page = await opened(await makePage(someRows), { ...DESKTOP, colorScheme: 'light' });
    const colors = (): Promise<string> =>
      page.evaluate(`{
        const canvas = document.querySelector('#latency canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const counts = new Map();
        for (let at = 0; at < data.length; at += 4) {
          if (data[at + 3] !== 255) continue;
          const color = data.slice(at, at + 3).join();
          counts.set(color, (counts.get(color) ?? 0) + 1);
        }
        [...counts].sort((one, other) => other[1] - one[1])[0][0];
      }`);
    const light = await colors();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(colors).toBe('126,166,232');
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await expect.poll(colors).toBe(light);
  });

  it('are omitted when nothing was recorded', async () => {
    const page = await opened(await makePage(someRows, { sessions: [] }));

    expect(await page.locator('canvas, .charts').count()).toBe(0);
  });
});

it('prints without tools and scrolling, in light colors', async () => {
  const many = Array.from({ length: 1000 }, (_, index) => created(index + 1));
  const page = await opened(await makePage(many), { ...DESKTOP, colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.evaluate('window.dispatchEvent(new Event("beforeprint"))');

  expect(await page.locator('.tools').isVisible()).toBe(false);
  expect(await page.locator('tbody tr[data-index]').count()).toBe(200);
  expect(await page.getByText('Only the first 200 of these rows are printed.').isVisible()).toBe(true);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
});

it('shows the essentials without JavaScript', async () => {
  const page = await opened(await makePage(someRows), { ...DESKTOP, javaScriptEnabled: false });

  expect(await page.locator('.headline').textContent()).toBe(
    '60 of 64 users are in acme.okta.com. 4 need attention.',
  );
  expect(await page.locator('#failures').textContent()).toContain(
    'Another user of the org has this login already.',
  );
  expect(await page.getByText('The list of rows needs JavaScript, which is turned off.').isVisible()).toBe(
    true,
  );
  expect(await page.locator('#rows-app, .charts, #failures button').first().isVisible()).toBe(false);
});

it('fits a phone without scrolling sideways', async () => {
  const page = await opened(await makePage(someRows), PHONE);

  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
});
