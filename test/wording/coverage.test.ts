import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const SNAPSHOTS = 'test/wording/snapshots';
/** Node's own codes, which this program only reads. */
const OF_NODE = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_STREAM_DESTROYED', 'ERR_BUFFER_TOO_LARGE']);
/** The source files that can report a problem of a row. */
const OF_ROWS = /^(mapping|validation|rows|engine|org)\//;

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/^(?:sandbox|page)\//.test(file.replaceAll('\\', '/')))
  .map((file) => ({ file: file.replaceAll('\\', '/'), source: readFileSync(join('src', file), 'utf8') }));
const words = new Set(
  readdirSync(SNAPSHOTS).flatMap(
    (file) => readFileSync(join(SNAPSHOTS, file), 'utf8').match(/[\w-]+/g) ?? [],
  ),
);

it('the snapshots have an example of every error code', () => {
  const codes = new Set(sources.flatMap(({ source }) => source.match(/(?<=')ERR_\w+(?=')/g) ?? []));

  expect(codes.size).toBeGreaterThan(40);
  expect([...codes].filter((code) => !words.has(code) && !OF_NODE.has(code))).toEqual([]);
});

it('the snapshots have an example of every problem code and every warning code', () => {
  const codes = new Set(
    sources
      .filter(({ file }) => OF_ROWS.test(file))
      .flatMap(({ source }) => [
        ...(source.match(/(?<=\bcode: ')[a-z]+(?:-[a-z]+)*(?=')/g) ?? []),
        ...(source.match(/(?<=^ {2}\| ')[a-z]+(?:-[a-z]+)+(?=')/gm) ?? []),
      ]),
  );

  expect(codes.size).toBeGreaterThan(70);
  expect([...codes].filter((code) => !words.has(code))).toEqual([]);
});

it('the snapshots have an example of every hint for an error of Okta', () => {
  const { source = '' } = sources.find(({ file }) => file === 'report/okta-error-hints.ts') ?? {};
  const codes = source.match(/(?<=code: ')E\d+/g) ?? [];

  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !words.has(code))).toEqual([]);
});
