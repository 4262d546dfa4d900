import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

const BROWSER = 'src/report/html/browser';

it('the report page', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const people = at.file('people.csv', peopleCsv(3));
  const mixed = at.file('mixed.csv', `${peopleCsv(4, { title: '' })}p5@example,p5@example,,Family,\n`);
  const shown = new Set<string>();
  const page = async (title: string, run: string, args: readonly string[], env = {}): Promise<void> => {
    const all = [...args, ...(['import', 'validate'].includes(args[0] ?? '') ? [`--run-id=${run}`] : [])];
    await transcript.command(title, all, { at, env, shows: 'nothing' });
    const html = readFileSync(join(at.run(run).path, 'report.html'), 'utf8');
    // Text that every page has is shown once.
    const lines = textOf(html).filter((line) => !shown.has(line));
    transcript.add(`text of the page: ${title}`, lines.join('\n'), at);
    for (const line of lines) shown.add(line);
  };
  const refusing: SandboxOptions = {
    faults: [{ on: 'createUser', login: loginOf(2), then: 'okta-error', errorCode: 'E0000038' }],
  };
  const inOrder = '--concurrency=1';
  const { env } = await sandboxOrg();

  await page('an import that succeeds', 'good', ['import', people, inOrder], env);
  await page('an undo', 'good-undo', ['undo', 'good', '--yes', inOrder], env);
  await page('mixed outcomes', 'mixed', ['import', mixed, inOrder], (await sandboxOrg(refusing)).env);
  await page(
    'a run that was stopped',
    'stopped',
    ['import', mixed, inOrder, '--canary=2'],
    (await sandboxOrg(refusing)).env,
  );
  await page(
    'staged users',
    'staged',
    ['import', people, inOrder, '--no-activate'],
    (await sandboxOrg()).env,
  );
  await page('a dry run with the org', 'dry', ['validate', people, '--org'], (await sandboxOrg()).env);
  await page('a check offline', 'offline', ['validate', mixed]);
  await page('no rows', 'empty', ['validate', at.file('empty.csv', 'login,email,firstName,lastName\n')]);
  const other = (await sandboxOrg()).env;
  const one = at.file('one.csv', peopleCsv(1));
  await page('one row', 'one', ['import', one, inOrder, '--no-activate'], other);
  await page('one user activated', 'one-activate', ['activate', 'one', inOrder], other);
  await page('one user deleted', 'one-undo', ['undo', 'one', '--yes', inOrder], other);
  await page('one row checked', 'one-checked', ['validate', one]);
  const journal = readFileSync(join(at.run('good').path, 'journal.ndjson'), 'utf8').split('\n');
  const last = journal.findLastIndex((line) => line.includes('"type":"outcome"'));
  mkdirSync(join(at.folder, 'reports', 'broken'));
  writeFileSync(
    join(at.folder, 'reports', 'broken', 'journal.ndjson'),
    `${journal.slice(0, last).join('\n')}\n`,
  );
  await page('a run that was killed', 'broken', ['report', 'broken']);
  const holder = {
    lockId: 'x',
    pid: 1,
    host: hostname(),
    startedAt: new Date().toISOString(),
    runId: 'broken',
  };
  writeFileSync(join(at.folder, 'reports', 'broken', 'lock'), JSON.stringify(holder));
  await page('a run in progress', 'broken', ['report', 'broken']);
  transcript.section("Text in the page's script");
  for (const file of readdirSync(BROWSER).filter((name) => name.endsWith('.ts'))) {
    transcript.add(file, wordsIn(readFileSync(join(BROWSER, file), 'utf8')).join('\n'));
  }

  await expect(transcript.text).toMatchFileSnapshot('snapshots/report-page.txt');
});

/** The text of the page without its script, one element per line, with its labels for screen readers. */
function textOf(html: string): string[] {
  return (
    html
      .replaceAll(/<(script|style)\b.*?<\/\1>/gs, '')
      .replaceAll(/<[^>]*?\b(?:aria-label|title|alt|placeholder)="([^"]*)"[^>]*>/g, '\n[$1]\n')
      .replaceAll(/<\/?(?:bdi|a|code)\b[^>]*>/g, '')
      .replaceAll(/<\/?(?:b|span|strong|em|time|small)\b[^>]*>/g, ' ')
      .replaceAll(/<[^>]*>/g, '\n')
      .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
      .replaceAll(/\b[\d.]+ (?:ms|s)\b/g, '<duration>')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '<time>')
      .replaceAll(/(Made by okta-csv-import) \S+/g, '$1 <version>')
      .replaceAll(/[ \t]+/g, ' ')
      // Short runs have no rate.
      .replaceAll(/(<duration>) [\d,]+ rows?(?: per minute)?/g, '$1 <rows>')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** String literals that users read: those that start with a capital letter or contain a space. */
function wordsIn(source: string): string[] {
  const code = source.replaceAll(/^import .*$|\/\*[^]*?\*\/|\/\/.*$/gm, '');
  return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)]
    .map(([, single, template]) => single ?? template ?? '')
    .filter((words) => /^[A-Z][a-z]|[a-z] [a-z]/.test(words));
}
