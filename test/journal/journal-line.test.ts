import { describe, expect, it } from 'vitest';

import { formatOutcome, parseOutcome } from '../../src/journal/journal-line.js';
import type { RowOutcome } from '../../src/rows/outcome.js';
import { createdOutcome } from '../engine/build.js';

const base = { row: 1, line: 2, login: 'noor@example.com', attempts: 1, durationMs: 5 };
const error = { errorCode: 'E0000001', message: 'No.', requestId: undefined };
const written = { status: 'created', oktaId: '00u1', userStatus: 'ACTIVE', profileDigest: 'abc' } as const;

/** Every outcome with a field that has another name in the journal, with its line as written by version 0.1.0. */
const renamed: readonly [RowOutcome, string][] = [
  [
    { ...base, status: 'not-attempted', reason: 'Interrupted.' },
    '{"type":"outcome","row":1,"line":2,"login":"noor@example.com","attempts":1,"durationMs":5,"status":"not-attempted","because":"Interrupted."}',
  ],
  [
    { ...base, status: 'kept', oktaId: '00u1', userStatus: 'ACTIVE', reason: 'Changed since.' },
    '{"type":"outcome","row":1,"line":2,"login":"noor@example.com","attempts":1,"durationMs":5,"status":"kept","oktaId":"00u1","userStatus":"ACTIVE","because":"Changed since."}',
  ],
  [
    { ...base, status: 'failed', error, written },
    '{"type":"outcome","row":1,"line":2,"login":"noor@example.com","attempts":1,"durationMs":5,"status":"failed","error":{"errorCode":"E0000001","message":"No."},"done":{"status":"created","oktaId":"00u1","userStatus":"ACTIVE","profileDigest":"abc"}}',
  ],
];

describe('the line of an outcome', () => {
  it.each(renamed)('keeps the field names of version 0.1.0: %j', (outcome, line) => {
    expect(formatOutcome(outcome)).toBe(line);
    expect(parseOutcome(line)).toEqual(outcome);
  });

  it.each(renamed)('is also read with the field names of the code: %j', (outcome) => {
    expect(parseOutcome(JSON.stringify({ type: 'outcome', ...outcome }))).toEqual(outcome);
  });

  it('contains every other outcome unchanged', () => {
    const outcome = createdOutcome(3);
    expect(formatOutcome(outcome)).toBe(JSON.stringify({ type: 'outcome', ...outcome }));
    expect(parseOutcome(formatOutcome(outcome))).toEqual(outcome);
  });

  it('is rejected when damaged', () => {
    expect(() => parseOutcome('{"type":"outcome","row":1,"status":')).toThrow(SyntaxError);
  });
});
