// What is loaded before the program knows what it is asked for?
import { spawnSync } from 'node:child_process';
import process from 'node:process';

import { CLI } from './child.mjs';
import { median, result } from './result.mjs';

export async function startUp({ isQuick }) {
  const [nothing, help] = [[], []];
  for (let round = 0; round < (isQuick ? 5 : 21); round += 1) {
    nothing.push(millisecondsOf(['-e', '0']));
    help.push(millisecondsOf([CLI, '--help']));
  }
  const [ours, theirs] = [median(help), median(nothing)];
  return {
    results: [
      result({
        bench: '--help',
        against: 'node -e 0',
        ratio: ours / theirs,
        atMost: 3,
        figures: `${ours.toFixed(0)} : ${theirs.toFixed(0)} ms`,
      }),
    ],
  };
}

function millisecondsOf(args) {
  const startedAtMs = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`exit code ${status} of ${args.join(' ')}`);
  return performance.now() - startedAtMs;
}
