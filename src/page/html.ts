import { createHash } from 'node:crypto';

const STYLE = `body{margin:0;padding:12vh 24px;background:#f6f6f3;color:#1c2024;font:1rem/1.55 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:24px 32px;border:1px solid #e3e4df;border-radius:12px;background:#fff}
h1{margin:0;font-size:1.4rem}a{color:#2f5fae}
@media (prefers-color-scheme:dark){body{background:#131517;color:#e8e9e6}main{border-color:#2d3135;background:#1b1e21}a{color:#8fb4f0}}`;

/** Of message pages: only their own style. */
export const MESSAGE_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A page with a few sentences, for a browser that gets nothing else. */
export function messagePage(title: string, ...paragraphs: readonly string[]): string {
  const text = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${text}
</main>
</body>
</html>
`;
}
