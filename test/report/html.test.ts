import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

import { CsvWriter } from '../../src/report/csv-writer.js';
import { RESULT_COLUMNS } from '../../src/report/result-fields.js';
import { userLinkOf } from '../../src/report/html/user-link.js';
import { toCourse } from '../../src/report/html/browser/run-timeline.js';
import { html, scriptJson } from '../../src/report/html/html.js';
import { fromRowLine, toRowLine } from '../../src/report/html/row-line.js';
import { requestsOf, toLatency, toTimeline, workedMs } from '../../src/report/html/timeline.js';
import { headline, remainder, verdict, type ShownRun } from '../../src/report/html/text.js';
import { readResults } from '../../src/report/results-reader.js';
import { noCounts } from '../../src/rows/counts.js';
import type { Sample } from '../../src/journal/progress-samples.js';

/** Text of any kind, also of the kinds that end fields, lines and elements. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\\ \t \n \r \0 < > & " \' , = + - @ !'.split(' '), ' ', '</script'),
    fc.string({ unit: 'grapheme' }),
  ),
});

function sample(atMs: number, part: Partial<Sample> = {}): Sample {
  return {
    atMs,
    rows: {},
    sent: 0,
    retried: 0,
    rateLimited: 0,
    concurrencyLimited: 0,
    waits: 0,
    waitedMs: 0,
    latency: { from: 0, counts: [] },
    ...part,
  };
}

describe('a row in the page', () => {
  it('comes back as it was, from one line without a tag', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 11 }), (fields) => {
        const line = toRowLine(fields);
        expect(line).not.toMatch(/[\n\r\0<]/);
        expect(fromRowLine(line)).toEqual(fields);
      }),
    );
  });
});

describe('results.csv', () => {
  it('is read back as it was written, formulas and line breaks and all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'okta-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'results.csv');
    const line = fc.tuple(fc.nat().map(String), text, text, text);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const file = new CsvWriter(path, ',');
        await file.write(RESULT_COLUMNS);
        for (const fields of lines) await file.write(fields);
        await file.close();
        expect(await collect(readResults(path))).toEqual(lines);
      }),
      { numRuns: 50 },
    );
  });

  it('is read up to a line that is torn', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'okta-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'results.csv');
    writeFileSync(path, 'row,login\r\n1,"a\r\nb"\r\n2,"c\r\n3,d\r\n');
    expect(await collect(readResults(path))).toEqual([['1', 'a\r\nb']]);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('markup', () => {
  it('takes text as text, between tags and in attributes', () => {
    const evil = `"><script>'&\0`;
    expect(html`<b title="${evil}">${evil}</b>`.text).toBe(
      '<b title="&quot;&gt;&lt;script&gt;&#39;&amp;\u2400">&quot;&gt;&lt;script&gt;&#39;&amp;\u2400</b>',
    );
  });

  it('has no JSON that could end its script', () => {
    const value = { a: '</script><!--' };
    expect(scriptJson(value).text).not.toContain('<');
    expect(JSON.parse(scriptJson(value).text)).toEqual(value);
  });
});

describe('the Admin Console', () => {
  it.each([
    ['https://acme.okta.com', 'https://acme-admin.okta.com/admin/user/profile/view/'],
    ['https://dev-123.okta.com', 'https://dev-123-admin.okta.com/admin/user/profile/view/'],
    ['https://acme.oktapreview.com', 'https://acme-admin.oktapreview.com/admin/user/profile/view/'],
    ['https://acme.okta-emea.com', 'https://acme-admin.okta-emea.com/admin/user/profile/view/'],
    ['https://acme.okta-gov.com', 'https://acme-admin.okta-gov.com/admin/user/profile/view/'],
    ['https://acme.okta.mil', 'https://acme-admin.okta.mil/admin/user/profile/view/'],
  ])('of %s is known', (org, link) => {
    expect(userLinkOf(org)).toBe(link);
  });

  it.each([
    null,
    'https://login.example.com',
    'http://127.0.0.1:8080',
    'http://acme.okta.com',
    'https://acme.okta.com:8443',
    'https://acme-admin.okta.com',
    'https://okta.com',
    'https://a.b.okta.com',
    'https://acme.okta.com.example.com',
    'https://notokta.com',
    'javascript:alert(1)//.okta.com',
    'no url',
  ])('of %s is not', (org) => {
    expect(userLinkOf(org)).toBeNull();
  });
});

/** Of all pieces; before the first there is none. */
function sum(values: readonly number[]): number {
  return values.slice(1).reduce((total, value) => total + value, 0);
}

describe('the course of a run', () => {
  const first = [
    sample(0),
    sample(10_000, {
      rows: { created: 90, invalid: 10 },
      sent: 90,
      waitedMs: 0,
      latency: { from: 8, counts: [60, 30] },
    }),
    sample(60_000, {
      rows: { created: 90, invalid: 10 },
      sent: 91,
      rateLimited: 1,
      waits: 1,
      waitedMs: 50_000,
      latency: { from: 8, counts: [60, 31] },
    }),
  ];
  const second = [
    sample(9_000_000),
    sample(9_010_000, {
      rows: { created: 50 },
      sent: 50,
      retried: 2,
      concurrencyLimited: 3,
      latency: { from: 9, counts: [40, 10] },
    }),
  ];

  it('goes on where the process before left off, without the time between them', () => {
    expect(toTimeline([first, second])).toEqual({
      seconds: [0, 10, 60, 60, 70],
      rows: [0, 100, 100, 100, 150],
      waitedMs: [0, 0, 50_000, 50_000, 50_000],
      refusals: [0, 0, 1, 1, 4],
      resumedAt: [60],
    });
    expect(workedMs([first, second])).toBe(70_000);
    expect(requestsOf([first, second])).toEqual({
      sent: 141,
      retried: 2,
      rateLimited: 4,
      concurrencyLimited: 3,
      waits: 1,
      waitedMs: 50_000,
    });
  });

  it('is nothing where nothing was recorded', () => {
    expect([toTimeline([]), toTimeline([[]]), toLatency([[]]), toLatency([[sample(0)]])]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('is cut into pieces that lose no row, no wait and no refusal', () => {
    const course = toCourse(toTimeline([first, second])!);
    const seconds = course.seconds[1]! - course.seconds[0]!;

    expect((sum(course.rowsAMinute) * seconds) / 60).toBeCloseTo(150);
    expect(sum(course.waiting) * seconds).toBeCloseTo(50);
    expect(course.rowsAMinute[5]).toBeCloseTo(600);
    expect(course.waiting[30]).toBeCloseTo(1);
    expect(course.most).toBeCloseTo(600);
  });

  it('knows within how long answers came', () => {
    const latency = toLatency([first, second])!;

    expect(latency).toMatchObject({ from: 8, counts: [60, 71, 10] });
    // Of 141 answers, 60 took 4 to 4.76 ms, 71 to 5.66 ms, 10 to 6.73 ms.
    expect(latency.p50).toBeGreaterThan(4.75);
    expect(latency.p50).toBeLessThan(5);
    expect(latency.p95).toBeGreaterThan(5.65);
    expect(latency.p99).toBeLessThan(6.73);
  });
});

function run(
  part: { counts?: object; exitCode?: number | null; stoppedBecause?: string | null; command?: string },
  more: Partial<ShownRun> = {},
): ShownRun {
  const counts = { ...noCounts(), ...part.counts };
  const { command = 'import', exitCode = 0, stoppedBecause = null } = part;
  return {
    state: 'ended',
    records: counts.total,
    ...more,
    summary: {
      runId: 'r',
      command,
      file: { name: 'f.csv', sha256: '', encoding: 'utf-8', delimiter: ',' },
      org: 'https://acme.okta.com',
      startedAt: '',
      finishedAt: '',
      durationMs: 0,
      counts,
      requests: { sent: 0, retried: 0, rateLimited: 0, concurrencyLimited: 0, waits: 0, waitedMs: 0 },
      exitCode,
      stoppedBecause,
    },
  };
}

describe('the words', () => {
  it.each([
    [
      run({ counts: { total: 1200, created: 1200 } }),
      'All 1,200 people are in acme.okta.com.',
      '',
      'All is well',
    ],
    [run({ counts: { total: 1, created: 1 } }), 'The person is in acme.okta.com.', '', 'All is well'],
    [
      run({ counts: { total: 10, created: 8, invalid: 1, failed: 1 }, exitCode: 1 }),
      '8 of 10 people are in acme.okta.com.',
      '2 need attention.',
      'Needs attention',
    ],
    [
      run({
        counts: { total: 10, created: 8, notAttempted: 2 },
        exitCode: 130,
        stoppedBecause: 'interrupted',
      }),
      '8 of 10 people are in acme.okta.com.',
      '2 were not attempted.',
      'Stopped early',
    ],
    [
      run({ counts: { total: 3, created: 3 }, exitCode: null }, { state: 'running', records: 10 }),
      '3 of 10 people are in acme.okta.com.',
      '7 are still to come.',
      'Still going on',
    ],
    [run({ counts: {} }), 'The file holds no records: there was nothing to do.', '', 'All is well'],
    [
      run({ command: 'validate', counts: { total: 2, valid: 1, invalid: 1 }, exitCode: 1 }),
      '1 of 2 rows are ready to be imported.',
      '1 needs attention.',
      'Needs attention',
    ],
    [
      run({ command: 'undo', counts: { total: 2, removed: 1, kept: 1 }, exitCode: 1 }),
      '1 of 2 users were taken back from acme.okta.com.',
      '1 needs attention.',
      'Needs attention',
    ],
    [run({ command: 'later', counts: { total: 2, removed: 2 } }), 'All 2 rows went well.', '', 'All is well'],
  ])('say how it went (%#)', (shown, sentence, rest, words) => {
    expect([headline(shown), remainder(shown), verdict(shown).words]).toEqual([sentence, rest, words]);
  });
});

it('is built with the licence of what it contains', () => {
  expect(readFileSync('dist/report/html/page.js', 'utf8')).toContain('uPlot');
  expect(readFileSync('dist/report/html/uPlot.LICENSE', 'utf8')).toContain('Permission is hereby granted');
});
