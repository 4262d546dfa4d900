import type { ActivationPlan } from '../jobs/activation-plan.js';
import { activationPlanLines } from '../jobs/activation-plan-text.js';
import type { UndoPlan } from '../jobs/undo.js';
import { undoPlanLines } from '../jobs/undo-plan-text.js';
import { escapeControlCharacters } from '../text.js';

import type { CommandContext } from './command-context.js';

interface PlanOutput {
  /** The plan as JSON on stdout, besides the text on stderr. */
  readonly json: boolean;
  /** Prints no text on stderr. */
  readonly quiet: boolean;
}

/** Prints the plan of an undo. @returns the exit code. */
export function showUndoPlan(plan: UndoPlan, output: PlanOutput, context: CommandContext): number {
  const { signal: _signal, runId: run, orgUrl: org, ...printed } = plan;
  return show({ run, org, ...printed }, undoPlanLines(plan), output, context);
}

/** Prints the plan of an activation. @returns the exit code. */
export function showActivationPlan(
  plan: ActivationPlan,
  output: PlanOutput,
  context: CommandContext,
): number {
  const { signal: _signal, target: cohort, orgUrl: org, ...printed } = plan;
  return show({ cohort, org, ...printed }, activationPlanLines(plan), output, context);
}

function show(
  plan: object,
  lines: readonly string[],
  { json, quiet }: PlanOutput,
  { stdout, terminal }: Pick<CommandContext, 'stdout' | 'terminal'>,
): number {
  if (json) stdout.write(`${JSON.stringify(plan, (_key, value: unknown) => value ?? null, 2)}\n`);
  if (!quiet) for (const line of lines) terminal.info(escapeControlCharacters(line));
  return 0;
}
