import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';

/** Writes dist/okta-csv-import.1, the manual page, from the help of the built program. */
export async function buildManPage() {
  const { version, description } = JSON.parse(await readFile('package.json', 'utf8'));
  const overview = await helpOf();
  const commands = [...overview.matchAll(/^ {2}([a-z]+)(?: [<[][a-z]+[>\]])? {2,}\S/gm)].map(
    ([, command]) => command,
  );

  const sections = await Promise.all(
    commands.map(async (command) => `.SS ${command}\n${literal(await helpOf(command))}`),
  );
  const page = [
    `.TH OKTA\\-CSV\\-IMPORT 1 "" "okta\\-csv\\-import ${escape(version)}"`,
    '.SH NAME',
    `okta\\-csv\\-import \\- ${escape(description)}`,
    '.SH SYNOPSIS',
    '.B okta\\-csv\\-import',
    '.I command',
    '[flags]',
    '.SH DESCRIPTION',
    literal(overview),
    '.SH COMMANDS',
    ...sections,
    '.SH EXIT STATUS',
    literal(await exitCodes()),
    '.SH ENVIRONMENT',
    'The OKTA_CLIENT_ variables select the org and sign in; see docs/connecting.md.',
    '',
  ].join('\n');
  await writeFile('dist/okta-csv-import.1', page);
}

async function helpOf(...command) {
  const env = { ...process.env, COLUMNS: '80', NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli.js', ...command, '--help'], {
    env,
  });
  return stdout;
}

/** The table of the README as lines. */
async function exitCodes() {
  const [, table = ''] =
    /^## Exit codes\n(.*?)^Every error/ms.exec(await readFile('README.md', 'utf8')) ?? [];
  return table
    .split('\n')
    .flatMap((line) => /^\| (\d[\d, ]*?) +\| (.*?) +\|/.exec(line)?.slice(1, 3).join('  ') ?? [])
    .join('\n');
}

/** Text as it is, line by line. */
function literal(text) {
  return ['.nf', ...text.trimEnd().split('\n').map(escape), '.fi'].join('\n');
}

/** A line that begins with a dot or an apostrophe would be a request. */
function escape(text) {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replace(/^(?=[.'])/, String.raw`\&`);
}
