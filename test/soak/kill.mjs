import { setTimeout as delay } from 'node:timers/promises';

import { startProgram } from './program.mjs';

/** Longer than the sandbox takes for a request: then it has processed all requests of a process that was killed. */
const DRAIN_MS = 60;

/**
 * Runs a command until it ends by itself, killing it before at random moments: mostly by how much work is done, else by the time
 * since its start.
 *
 * @param options.command - the arguments of the next process.
 * @param options.workDone - how much of `workInAll` is done.
 * @param options.killed - called after every kill.
 * @returns the exit code and the number of processes.
 */
export async function killUntilDone(options) {
  const { name, kills, signal = 'SIGKILL', random, command, workDone, workInAll, killed } = options;
  let killsDone = 0;
  for (let runs = 1; ; runs += 1) {
    const program = startProgram(command(), options.programOptions());
    if (killsDone < kills) {
      const killsLeft = kills - killsDone;
      const before = workDone();
      const more = Math.floor((random() * 2 * (workInAll - before)) / (killsLeft + 1));
      const untilMs = performance.now() + (random() < 0.25 ? random() * 900 : Infinity);
      const isDue = () => workDone() >= before + more || performance.now() >= untilMs;
      while (program.isRunning() && !isDue()) await delay(1);
      if (program.isRunning()) killsDone += 1;
      program.kill(signal);
    }
    const exitCode = await program.ended;
    if (exitCode === 0 || exitCode === 1) {
      if (killsDone * 2 < kills) throw new Error(`${name}: it ended after ${killsDone} kills`);
      return { exitCode, runs };
    }
    if (!['SIGKILL', 'SIGTERM', 143].includes(exitCode)) {
      throw new Error(`${name}: exit code ${exitCode}\n${program.log()}`);
    }
    await delay(DRAIN_MS);
    await killed?.(exitCode);
  }
}
