// Makes the script and the style of the report page, as they are inlined, from `src/report/html/browser`.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';

import { rolldown } from 'rolldown';

const SOURCE = 'src/report/html/browser';
const BUILT = 'dist/report/html';

const { license, version } = JSON.parse(await readFile('node_modules/uplot/package.json', 'utf8'));
const banner = `/*! With uPlot ${version}, ${license}, © Leon Sorokin, https://github.com/leeoniya/uPlot */`;

const bundle = await rolldown({ input: `${SOURCE}/page.ts`, platform: 'browser' });
const { output } = await bundle.generate({ format: 'iife', minify: true });
await bundle.close();
// Inlined, it must not end its element or begin a comment.
const script = output[0].code
  .trim()
  .replaceAll('</script', String.raw`<\/script`)
  .replaceAll('<!--', String.raw`<\!--`);

const styles = ['node_modules/uplot/dist/uPlot.min.css', `${SOURCE}/page.css`];
const style = (await Promise.all(styles.map((path) => readFile(path, 'utf8'))))
  .join('\n')
  .replaceAll(/\/\*[^]*?\*\//g, '');
if (/<\/style/i.test(style)) throw new Error('The style would end its element.');

await mkdir(BUILT, { recursive: true });
await writeFile(`${BUILT}/page.js`, `${banner}\n${script}\n`);
await copyFile('node_modules/uplot/LICENSE', `${BUILT}/uPlot.LICENSE`);
await writeFile(`${BUILT}/page.css`, `${style.trim()}\n`);
