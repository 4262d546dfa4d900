import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect, it } from 'vitest';

it('the script of the local page is under 150 kB gzipped, and the licenses of its packages are beside it', () => {
  const script = readFileSync('dist/page/app.js');
  const licenses = readFileSync('dist/page/LICENSES.txt', 'utf8');

  expect(gzipSync(script).length).toBeLessThan(150_000);
  expect(licenses).toContain('preact 11');
  expect(licenses).toContain('@preact/signals');
});

it('the local page loads nothing from elsewhere and has no script or style in its document', () => {
  const html = readFileSync('dist/page/index.html', 'utf8');
  const style = readFileSync('dist/page/app.css', 'utf8');

  expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target)).toEqual([
    'data:,',
    '/app.css',
    '/app.js',
  ]);
  expect(html).not.toMatch(/<style|style=|<script>|\son\w+=/);
  expect(style).not.toMatch(/@import|url\(/);
});
