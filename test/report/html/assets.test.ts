import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

it('includes the license of its chart library', () => {
  expect(readFileSync('dist/report/html/page.js', 'utf8')).toContain('uPlot');
  expect(readFileSync('dist/report/html/uPlot.LICENSE', 'utf8')).toContain('Permission is hereby granted');
});
