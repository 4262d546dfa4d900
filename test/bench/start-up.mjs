// How long a command with almost nothing to do takes, compared with Node itself.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

import { CLI } from './child.mjs';
import { median, result } from './result.mjs';

export async function startUp({ workplace, isQuick }) {
  const people = await workplace.people(3);
  const inReports = ['--reports', await workplace.reports()];
  const commands = [
    { bench: '--help', atMost: 2, args: [CLI, '--help'] },
    { bench: 'validate of 3 rows', atMost: 3.5, args: [CLI, 'validate', people, ...inReports] },
    {
      bench: 'import --sandbox of 3 rows',
      atMost: 6,
      args: [CLI, 'import', people, '--sandbox', ...inReports],
    },
  ].map((command) => ({ ...command, durationsMs: [] }));
  const nothing = [];
  for (let round = 0; round < (isQuick ? 5 : 21); round += 1) {
    nothing.push(millisecondsOf(['-e', '0']));
    for (const { args, durationsMs } of commands) durationsMs.push(millisecondsOf(args));
  }
  const nodeMs = median(nothing);
  return {
    results: commands.map(({ bench, atMost, durationsMs }) => {
      const ms = median(durationsMs);
      const figures = `${ms.toFixed(0)} : ${nodeMs.toFixed(0)} ms`;
      return result({ bench, against: 'node -e 0', ratio: ms / nodeMs, atMost, figures });
    }),
  };
}

function millisecondsOf(args) {
  const startedAtMs = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`exit code ${status} of ${args.join(' ')}`);
  return performance.now() - startedAtMs;
}
