import { isRightToLeft } from './languages.js';
import type { Letter } from './letter.js';
import type { LetterTemplate } from './letter-template.js';
import type { LetterFormat } from './letters-file.js';

const FIRST_LINE = '<!doctype html><!-- okta-csv-import letters -->';

const HEAD_END = '<main>\n';

/** One page a letter. Prints on A4 and on Letter; readable on a screen, too. */
const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #e9ebee; color: #14181f; font: 12pt/1.5 system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif; }
.letter { box-sizing: border-box; max-width: 190mm; min-height: 240mm; margin: 8mm auto; padding: 15mm; background: #fff; overflow-wrap: anywhere; }
.letter header { display: flex; align-items: center; justify-content: space-between; gap: 5mm; margin-bottom: 12mm; font-weight: 600; }
.letter header img { max-height: 14mm; max-width: 60mm; }
.letter h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 6mm; }
.letter dl { display: grid; grid-template-columns: max-content 1fr; gap: 2mm 6mm; margin: 6mm 0; }
.letter dt { color: #4a5261; }
.letter dd { margin: 0; }
.letter > svg { width: 45mm; height: 45mm; display: block; margin: 6mm 0; }
.letter .qr { width: 45mm; height: 45mm; margin: 6mm 0; }
.letter .qr svg { width: 100%; height: 100%; display: block; }
.letter .link { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: 10pt; }
.letter[dir="rtl"] .link { direction: ltr; text-align: right; }
.letter .password { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: 14pt; unicode-bidi: isolate; word-break: break-all; }
@page { margin: 15mm; }
@media print {
  body { background: none; }
  .letter { margin: 0; padding: 0; max-width: none; min-height: 0; break-after: page; break-inside: avoid; }
  .letter:last-of-type { break-after: auto; }
}
`;

/** A page to print for each person. @param title - of the whole document. */
export function lettersHtml(template: LetterTemplate, title: string): LetterFormat {
  const head = `${FIRST_LINE}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${HEAD_END}`;
  return {
    head,
    format(letter: Letter): string {
      const { language, html } = template.render(letter);
      const lang = escapeHtml(language);
      const direction = isRightToLeft(language) ? ' dir="rtl"' : '';
      return `<article class="letter" lang="${lang}"${direction}>\n${html}\n</article>\n${endOf(letter.oktaId)}\n`;
    },
    firstLine: `${FIRST_LINE}\n`,
    createReader() {
      let isInHead = true;
      return (line) => {
        if (isInHead) {
          isInHead = line !== HEAD_END;
          return isInHead ? undefined : {};
        }
        const oktaId = END.exec(line)?.[1];
        return oktaId === undefined ? undefined : { oktaId };
      };
    },
  };
}

/** No value can imitate it: templates escape what they print. */
const END = /^<!-- end of letter (\w+) -->\n$/;

function endOf(oktaId: string): string {
  return `<!-- end of letter ${oktaId.replaceAll(/\W/g, '')} -->`;
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
