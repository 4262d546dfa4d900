import type { ActionOptions } from '../api/run.js';
import { PageRequestError } from '../page-error.js';

import { fieldOf } from './run-routes.js';

/** As for `--per-minute`. */
const MAX_PER_MINUTE = 100_000;

/** Checks what the browser sends. @throws {PageRequestError} */
export function parseActionOptions(value: unknown): ActionOptions {
  const [force, perMinute, links] = ['force', 'perMinute', 'links'].map((name) => fieldOf(value, name));
  if (force !== undefined && typeof force !== 'boolean') throw malformed('force');
  if (links !== undefined && links !== 'csv' && links !== 'html') throw malformed('links');
  if (perMinute === undefined) return { force, links };
  if (typeof perMinute === 'number' && perMinute > 0 && perMinute <= MAX_PER_MINUTE) {
    return { force, links, perMinute };
  }
  throw new PageRequestError('The number of emails per minute must be above 0, and at most 100,000.', {
    hint: 'Write a number such as 60, or leave the field empty for no limit.',
  });
}

function malformed(name: string): PageRequestError {
  return new PageRequestError(`The request is malformed: ${name}.`, { hint: 'Reload the page.' });
}
