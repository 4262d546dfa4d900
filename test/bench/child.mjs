// Runs a program in a child process, and measures its time and memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** `VmHWM` rather than `maxRSS`: on Linux, the `maxRSS` of a child starts with the peak of its parent. */
const REPORT_USAGE = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync, writeSync } from 'node:fs';
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const peak = process.platform === 'linux' && /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    const peakBytes = (peak ? Number(peak[1]) : maxRSS) * 1024;
    writeSync(3, JSON.stringify({ peakBytes, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
  });
`)}`;

/**
 * @param args - The arguments of Node.
 * @returns The elapsed seconds, the CPU seconds of the process (all threads), and its peak memory.
 */
export async function run(args, { env = {}, exitCode: expected = 0, nodeFlags = [] } = {}) {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, '--import', REPORT_USAGE, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, ...env },
  });
  const [stdout, took, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stdio[3]),
    once(child, 'exit'),
  ]);
  const seconds = (performance.now() - startedAtMs) / 1000;
  if (exitCode !== expected) throw new Error(`exit code ${exitCode} of ${args.join(' ')}`);
  return { ...JSON.parse(took), seconds, stdout };
}
