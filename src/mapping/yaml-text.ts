import { unicodeEscape } from '../text.js';

/** A text as a YAML scalar, without quotes if it cannot be mistaken for anything else. */
export function yamlScalar(text: string): string {
  const isPlain =
    /^[A-Za-z][\w]*(?:[ .-]\w+)*$/.test(text) && !/^(?:true|false|null|y|n|yes|no|on|off)$/i.test(text);
  // JSON strings are YAML, except for some characters that YAML wants escaped.
  return isPlain ? text : JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, unicodeEscape);
}

/** A text in a comment: line breaks would end it. */
export function yamlComment(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

const LINE_WIDTH = 110;

/** Names in as few comment lines as they fit on, indented by two. */
export function yamlCommentLines(names: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const name of names) {
    if (line !== '' && line.length + name.length + 2 > LINE_WIDTH) {
      lines.push(`${line},`);
      line = '';
    }
    line += line === '' ? `  #   ${name}` : `, ${name}`;
  }
  return [...lines, line];
}
