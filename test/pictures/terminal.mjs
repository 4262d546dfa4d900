// Creates the README's pictures of a terminal: the program runs in a pseudo-terminal with a sandbox, and the screen of
// a terminal emulator becomes an SVG.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import xterm from '@xterm/headless';
import stringWidth from 'string-width';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist/cli.js');

const COLUMNS = 110;
const pictures = join(root, 'docs/pictures');
mkdirSync(pictures, { recursive: true });

/** @param until - What the screen shows when the picture is taken; if undefined, when the program has ended. */
async function picture(name, { limit, command, args, until }) {
  const folder = mkdtempSync(join(tmpdir(), 'okta-csv-import-picture-'));
  const okta = await startSandbox(limit);
  cpSync(join(root, 'fixtures/cohort.csv'), join(folder, 'cohort.csv'));
  writeFileSync(join(folder, 'mistakes.csv'), MISTAKES);
  const screen = new xterm.Terminal({ cols: COLUMNS, rows: 60, allowProposedApi: true });
  try {
    await write(screen, `\u001b[32m$\u001b[39m okta-csv-import ${command}\r\n`);
    const words = [process.execPath, program, ...args].map((word) => `'${word}'`);
    const child = spawn(
      'script',
      ['-qec', `stty cols ${COLUMNS} rows 60; exec ${words.join(' ')}`, '/dev/null'],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          TERM: 'xterm-256color',
          ...okta.env,
        },
      },
    );
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      await write(screen, chunk);
      if (until !== undefined && linesOf(screen).some((line) => until.test(line.text))) break;
    }
    child.kill('SIGKILL');
    const org = new RegExp(okta.env.OKTA_CLIENT_ORGURL.replaceAll('.', String.raw`\.`), 'g');
    writeFileSync(
      join(pictures, name),
      svgOf(linesOf(screen), (text) => text.replace(org, 'https://acme.okta.com')),
    );
    console.log(`docs/pictures/${name}`);
  } finally {
    okta.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `okta-csv-import sandbox`, and the settings that it prints. */
async function startSandbox(limit) {
  const child = spawn(process.execPath, [program, 'sandbox', '--rate-limit', limit, '--latency', '40'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    printed += chunk;
    if (/TOKEN=.*\n/.test(printed)) break;
  }
  const env = Object.fromEntries(
    [...printed.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  return { env, stop: () => child.kill() };
}

function write(screen, text) {
  return new Promise((resolve) => screen.write(text, resolve));
}

/** The lines of the screen, each as runs of text in the same style, without empty lines at the end. */
function linesOf(screen) {
  const { active } = screen.buffer;
  const lines = Array.from({ length: active.length }, (_, y) => {
    const line = active.getLine(y);
    const runs = [];
    for (let x = 0; x < COLUMNS; x += 1) {
      const cell = line.getCell(x);
      if (cell.getWidth() === 0) continue;
      const look = [
        cell.isFgPalette() ? COLORS[cell.getFgColor()] : undefined,
        cell.isBold() > 0,
        cell.isDim() > 0,
      ];
      const last = runs.at(-1);
      if (last && String(last.look) === String(look)) last.text += cell.getChars() || ' ';
      else runs.push({ x, look, text: cell.getChars() || ' ' });
    }
    return { runs, text: line.translateToString(true) };
  });
  return lines.slice(0, lines.findLastIndex(({ text }) => text !== '') + 1);
}

const CELL = { width: 8.43, height: 19 };
const PADDING = 16;
const COLORS = { 1: '#f2777a', 2: '#99cc99', 3: '#ffcc66', 6: '#66cccc' };

function svgOf(lines, replaceOrg) {
  const width = Math.round(COLUMNS * CELL.width + 2 * PADDING);
  const height = lines.length * CELL.height + 2 * PADDING;
  const texts = lines.flatMap(({ runs }, y) =>
    runs
      .filter(({ text }) => text.trim() !== '')
      .map(({ x, look: [color, isBold, isDim], text }) => {
        const at = `x="${(PADDING + x * CELL.width).toFixed(1)}" y="${PADDING + y * CELL.height + 14}"`;
        const style = `${color ? ` fill="${color}"` : ''}${isBold ? ' font-weight="bold"' : ''}${isDim ? ' opacity="0.65"' : ''}`;
        const shown = replaceOrg(text.trimEnd());
        return `<text ${at}${style} textLength="${(stringWidth(shown) * CELL.width).toFixed(1)}" xml:space="preserve">${escaped(shown)}</text>`;
      }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="8" fill="#1d1f21"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6e6e6">
${texts.join('\n')}
</g>
</svg>
`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const MISTAKES = `Email,First name,Last name,Country code,Groups
lotte.vermeulen@example.com,Lotte,Vermeulen,BE,Enginering
amara.okafor@example.com,Amara,Okafor,NG,Engineering
mei.ho@example.com,Mei,,SG,Sales
annika.brandt@example.com,Annika,Brandt,Germany,Sales
tom.lindqvist@example.com,Tom,Lindqvist,Sweden,Suport
jose.nunez@example.com,José,Núñez,ES,Sales
`;

await picture('terminal-progress.svg', {
  limit: 120,
  command: 'import cohort.csv --group Students',
  args: ['import', 'cohort.csv', '--yes', '--group', 'Students'],
  until: /waiting \d+ s for the org/,
});
await picture('terminal-end.svg', {
  limit: 1000,
  command: 'import mistakes.csv',
  args: ['import', 'mistakes.csv', '--yes', '--run-id', 'tuesday'],
  until: undefined,
});
