import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PAGE_COLUMNS } from '../../src/report/html/page-columns.js';
import type { PageData } from '../../src/report/html/page-data.js';
import { fromRowLine } from '../../src/report/html/row-line.js';

import type { Workplace } from './workplace.js';

export interface ReadPage {
  readonly html: string;
  /** What is visible without the script, one element per line. */
  readonly text: string;
  readonly data: PageData;
  readonly rows: readonly (Readonly<Record<(typeof PAGE_COLUMNS)[number], string>> & {
    readonly values: Readonly<Record<string, string>>;
  })[];
}

/** The report page of a run. */
export function readPage(at: Workplace, runId: string): ReadPage {
  const html = readFileSync(join(at.folder, 'reports', runId, 'report.html'), 'utf8');
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
  const [, lines = ''] = /<script type="text\/plain" id="rows">(.*?)<\/script>/s.exec(html) ?? [];
  const data = JSON.parse(json) as PageData;
  const rows = lines === '' ? [] : lines.split('\n').map(fromRowLine);
  return {
    html,
    text: textOf(html),
    data,
    rows: rows.map((fields) => {
      const values = fields.slice(PAGE_COLUMNS.length).map((value, index) => [data.fields[index], value]);
      const named = PAGE_COLUMNS.map((name, index) => [name, fields[index] ?? '']);
      return { ...Object.fromEntries(named), values: Object.fromEntries(values) } as ReadPage['rows'][number];
    }),
  };
}

function textOf(html: string): string {
  return html
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, '')
    .replaceAll(/<\/?(?:b|bdi|a|code|span|time)\b[^>]*>/g, ' ')
    .replaceAll(/<[^>]*>/g, '\n')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
