import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';

import type { Workplace } from './workplace.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface TerminalOptions {
  readonly at: Workplace;
  readonly columns: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** `okta-csv-import` in a terminal, with a screen and a keyboard. */
export interface TerminalSession {
  /** The non-empty lines of the screen and of its scrollback. */
  lines(): Promise<readonly string[]>;
  /** Resolves when the screen shows it. */
  shows(what: RegExp): Promise<void>;
  type(keys: string): void;
  /** Resizes the window while the program runs. */
  resize(columns: number): Promise<void>;
  readonly exitCode: Promise<number | null>;
  /** Everything that was written, escape sequences included. */
  written(): string;
}

const ROWS = 30;

/** Runs the program in a pseudo-terminal of util-linux's `script`, which every Debian has. */
export function openTerminal(args: readonly string[], options: TerminalOptions): TerminalSession {
  const { at, columns, env } = options;
  const ttyFile = join(at.temporary, 'tty');
  const command = [process.execPath, CLI, ...args].map(quoted).join(' ');
  const child = spawn(
    'script',
    ['-qec', `tty > ${quoted(ttyFile)}; stty cols ${columns} rows ${ROWS}; exec ${command}`, '/dev/null'],
    {
      cwd: at.folder,
      env: {
        PATH: process.env['PATH'],
        HOME: at.folder,
        TMPDIR: at.temporary,
        TERM: 'xterm-256color',
        SHELL: '/bin/sh',
        ...env,
      },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  const screen = new xterm.Terminal({ cols: columns, rows: ROWS, scrollback: 1000, allowProposedApi: true });
  let written = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    screen.write(text, () => {
      for (const watcher of watchers) watcher();
    });
  });
  const exitCode = once(child, 'close').then(([code]) => code as number | null);

  const shown = (): readonly string[] => {
    const { active } = screen.buffer;
    return Array.from(
      { length: active.length },
      (_, y) => active.getLine(y)?.translateToString(true) ?? '',
    ).filter((line) => line !== '');
  };
  return {
    exitCode,
    written: () => written,
    type: (keys) => void child.stdin.write(keys),
    async lines() {
      await new Promise<void>((resolve) => screen.write('', resolve));
      return shown();
    },
    async shows(what) {
      await new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (shown().some((line) => what.test(line))) resolve();
        };
        watchers.add(look);
        look();
        const giveUp = (why: string): void => {
          look();
          reject(new Error(`${why}, and never was there ${what}:\n${shown().join('\n')}`));
        };
        void exitCode.then(() => giveUp('The program ended'));
        setTimeout(() => giveUp('Two minutes went by'), 120_000).unref();
      });
    },
    async resize(width) {
      const tty = readFileSync(ttyFile, 'utf8').trim();
      screen.resize(width, ROWS);
      // The system sends SIGWINCH to the program.
      await promisify(execFile)('stty', ['-F', tty, 'cols', String(width)]);
    },
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
