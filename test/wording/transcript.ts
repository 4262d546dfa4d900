import { existsSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

import { cli, type InProcessOptions } from '../helpers/in-process-cli.js';
import type { Workplace } from '../helpers/workplace.js';

/**
 * What users read, collected as text and compared with a file that is committed. After a change of wording,
 * `npx vitest run test/wording -u` rewrites the files, and the diff shows what changed.
 */
export class Transcript {
  readonly #parts: string[] = [];

  /** Starts a part of the file. */
  section(title: string): void {
    this.#parts.push(`${'='.repeat(100)}\n${title}\n${'='.repeat(100)}`);
  }

  /** Adds text under a title. */
  add(title: string, text: string, at?: Workplace): void {
    this.#parts.push(`--- ${title}\n${normalized(text, at).trimEnd()}`);
  }

  /** Runs a command and adds what it printed. @returns what it printed. */
  async command(
    title: string,
    args: readonly string[],
    options: InProcessOptions & { readonly shows?: 'stdout' | 'stderr' | 'all' | 'nothing' },
  ): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
    const { shows = 'all', ...rest } = options;
    const log = join(options.at.temporary, 'events.log');
    rmSync(log, { force: true });
    const result = await cli([...args, ...(args.some(isAboutLog) ? [] : ['--log-file', log])], rest);
    const { exitCode, stdout, stderr } = result;
    const printed = [
      ...(stderr === '' || shows === 'stdout' ? [] : [stderr.trimEnd()]),
      ...(stdout === '' || shows === 'stderr' ? [] : ['[stdout]', stdout.trimEnd()]),
    ];
    const line = `$ okta-csv-import ${args.map(quoted).join(' ')}`;
    const lines = [
      line,
      ...(shows === 'nothing' ? [] : printed),
      `[${[`exit code ${exitCode}`, ...errorCodesIn(log)].join(', ')}]`,
    ];
    this.add(title, lines.join('\n'), options.at);
    return result;
  }

  /** Everything so far. */
  get text(): string {
    return `${this.#parts.join('\n\n')}\n`;
  }
}

/** Whether an argument sets the log itself, or means that the command has no log. */
function isAboutLog(arg: string): boolean {
  return arg.startsWith('--log-') || arg === '--help';
}

/** Codes of the errors that ended a command, which only the log has. */
function errorCodesIn(log: string): string[] {
  if (!existsSync(log)) return [];
  return [...readFileSync(log, 'utf8').matchAll(/"event":"error","code":"(\w+)"/g)].map(
    ([, code = '']) => code,
  );
}

function quoted(arg: string): string {
  return /^[\w./:=%,@+-]+$/.test(arg) ? arg : `'${arg}'`;
}

/** Replaces what differs from run to run: paths, ports, times, IDs, durations. */
function normalized(text: string, at: Workplace | undefined): string {
  const places: (readonly [string, string])[] =
    at === undefined
      ? []
      : [
          [at.temporary, '<tmp>'],
          [at.folder, '<folder>'],
          [basename(at.folder), '<folder>'],
        ];
  const replaced = places.reduce((shown, [place, name]) => shown.replaceAll(place, name), text);
  return REPLACEMENTS.reduce(
    (shown, [pattern, placeholder]) => shown.replaceAll(pattern, placeholder),
    replaced,
  );
}

/** Matches only the parts that change, never the words around them. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\bon ${hostname()}\\b`, 'g'), 'on <host>'],
  [/\.\d+\.part\b/g, '.<pid>.part'],
  [/\b(127\.0\.0\.1|localhost):\d{2,5}\b/g, '$1:<port>'],
  [/\b(port[ =])\d{5}\b/gi, '$1<port>'],
  [/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/g, '<run time>'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d(?= {2})/g, '<started>'],
  // Where messages show how to write a time, they do so without milliseconds.
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '<time>'],
  [/(?!2026-01-31T09)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>'],
  [/\b00[a-z][0-9A-Za-z]{17}\b/g, '<okta id>'],
  [/\boty[0-9A-Za-z]{17}\b/g, '<okta id>'],
  [/\breq[0-9A-Za-z]{11}-?SaNdBoX[0-9A-Za-z]*\b/g, '<request id>'],
  [/\b[0-9a-f]{64}\b/g, '<sha256>'],
  [/"(durationMs|waitedMs|rowsPerMinute|offsetMs|uncertaintyMs)":( ?)-?\d+(?:\.\d+)?/g, '"$1":$2<number>'],
  [/\b\d+(?:\.\d+)? (ms|s)\b/g, '<number> $1'],
  [/\bbyte \d+/g, 'byte <number>'],
  [/\bokta-csv-import\/\d+\.\d+\.\d+\b/g, 'okta-csv-import/<version>'],
  [/\bnode\/\d+\.\d+\.\d+\b/g, 'node/<version>'],
];
