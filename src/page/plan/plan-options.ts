import { MaxFailuresError, parseMaxFailures } from '../../engine/stop-conditions.js';
import { quoted } from '../../text.js';

import type { PlanOptions } from '../api/plan.js';
import { PageRequestError } from '../page-error.js';

/** Checks what the browser sends. @throws {PageRequestError} */
export function parsePlanOptions(body: unknown): PlanOptions {
  if (typeof body !== 'object' || body === null) throw malformed('the options');
  const fields: Readonly<Record<string, unknown>> = { ...body };
  const flag = (name: string): boolean => {
    const value = fields[name];
    if (typeof value !== 'boolean') throw malformed(name);
    return value;
  };
  const { ifExists, groups, canary, maxFailures } = fields;
  if (ifExists !== 'fail' && ifExists !== 'skip' && ifExists !== 'update') throw malformed('ifExists');
  if (!Array.isArray(groups) || !groups.every((group) => typeof group === 'string' && group.trim() !== '')) {
    throw malformed('groups');
  }
  const options: PlanOptions = {
    ifExists,
    groups,
    activate: flag('activate'),
    createGroups: flag('createGroups'),
    clearEmpty: flag('clearEmpty'),
    changePassword: flag('changePassword'),
    allOrNothing: flag('allOrNothing'),
    canary: toCanary(canary),
    maxFailures: toMaxFailures(maxFailures),
  };
  if (options.clearEmpty && ifExists !== 'update') {
    throw new PageRequestError('Empty cells can only clear attributes when existing users are updated.', {
      hint: 'Choose to update existing users, or leave their attributes alone.',
    });
  }
  return options;
}

function toCanary(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new PageRequestError('The number of rows to send first must be a whole number above 0.', {
    hint: 'Write a number such as 10, or turn the option off.',
  });
}

function toMaxFailures(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw malformed('maxFailures');
  try {
    parseMaxFailures(value, 0);
  } catch (error) {
    if (!(error instanceof MaxFailuresError)) throw error;
    throw new PageRequestError(`${quoted(value)} is not a number of rows or a percentage.`, {
      hint: error.hint,
    });
  }
  return value.trim();
}

function malformed(name: string): PageRequestError {
  return new PageRequestError(`The request is malformed: ${name}.`, { hint: 'Reload the page.' });
}
