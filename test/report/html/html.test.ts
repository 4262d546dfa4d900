import { describe, expect, it } from 'vitest';

import { html, scriptJson } from '../../../src/report/html/html.js';

describe('markup', () => {
  it('escapes text between tags and in attributes', () => {
    const evil = `"><script>'&\0`;
    expect(html`<b title="${evil}">${evil}</b>`.text).toBe(
      '<b title="&quot;&gt;&lt;script&gt;&#39;&amp;\u2400">&quot;&gt;&lt;script&gt;&#39;&amp;\u2400</b>',
    );
  });

  it('contains no JSON that could end its script', () => {
    const value = { a: '</script><!--' };
    expect(scriptJson(value).text).not.toContain('<');
    expect(JSON.parse(scriptJson(value).text)).toEqual(value);
  });
});
