/** The page of every step; the script shows the step of the address. */
export const APP_HTML = document(
  'okta-csv-import',
  '<link rel="stylesheet" href="/app.css"><script type="module" src="/app.js"></script>',
  '<div id="app"></div>',
);

/** A page with a few sentences. */
export function messagePage(title: string, ...paragraphs: readonly string[]): string {
  const text = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  return document(title, '<link rel="icon" href="data:,">', `<main>\n<h1>${title}</h1>\n${text}\n</main>`);
}

function document(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;
}
