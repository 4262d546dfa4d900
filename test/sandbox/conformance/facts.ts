import { expect, it } from 'vitest';

import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { testOrg, type TestOrg } from '../org.js';

/** A request: method, path, JSON body. `{name}` in path and body stands for the ID that an earlier answer had. */
export type Ask = readonly [method: string, path: string, body?: object];

/** What is compared of an answer. Whatever is not named may be anything. */
export interface Answer {
  readonly status: number;
  /** `errorCode` of an error. */
  readonly code?: string;
  /** The sentences of `errorCauses`. */
  readonly causes?: readonly string[];
  /** Headers that the answer has; `null` for one that it lacks. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>;
  /** Keys that the object, or each object of a list, has: `profile.login`. */
  readonly keys?: readonly string[];
  /** Keys that it lacks. */
  readonly lacks?: readonly string[];
  /** Values by key. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** For lists of several items. */
  readonly order?: keyof typeof ORDERS;
  /** For lists: how many items there are. */
  readonly items?: number;
}

/** One thing that answers of real orgs have in common, as recorded. */
export interface Fact {
  /** A sentence: the title of the test. */
  readonly fact: string;
  readonly options?: SandboxOptions;
  /** Requests that set the scene, in order, by the name of the (first) ID in their answer. All of them succeed. */
  readonly given?: Readonly<Record<string, Ask>>;
  readonly ask: Ask;
  /** Sent instead of the usual headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: Answer;
}

/** Declares a test for each fact. */
export function itHolds(facts: readonly Fact[]): void {
  it.each(facts)('$fact', async ({ options, given = {}, ask, headers = {}, answer }) => {
    const org = await testOrg(options);
    const ids = new Map<string, string>();
    for (const [name, step] of Object.entries(given)) {
      const response = await send(org, step, ids);
      expect(response.status, `${step[0]} ${step[1]}: ${response.text}`).toBeLessThan(300);
      const id = valueAt([response.body].flat()[0], 'id');
      if (typeof id === 'string') ids.set(name, id);
    }
    const response = await send(org, ask, ids, headers);
    expect(response.status, response.text).toBe(answer.status);
    checkBody(response.body, answer);
    checkHeaders(response.headers, answer);
  });
}

function send(
  org: TestOrg,
  [method, path, body]: Ask,
  ids: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<TestOrg['request']> {
  const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_, name) => ids.get(name) ?? _);
  return org.request(method, fill(path), {
    ...(body === undefined ? {} : { text: fill(JSON.stringify(body)) }),
    headers,
  });
}

function checkBody(
  body: unknown,
  { code, causes, keys = [], lacks = [], values = {}, order, items }: Answer,
): void {
  const objects = [body].flat();
  if (code !== undefined) expect(body).toMatchObject({ errorCode: code });
  if (causes !== undefined) {
    expect(body).toMatchObject({ errorCauses: causes.map((errorSummary) => ({ errorSummary })) });
  }
  if (items !== undefined) expect(body).toHaveLength(items);
  for (const object of objects) {
    for (const key of keys) expect(valueAt(object, key), key).toBeDefined();
    for (const key of lacks) expect(valueAt(object, key), key).toBeUndefined();
    for (const [key, value] of Object.entries(values)) expect(valueAt(object, key), key).toEqual(value);
  }
  if (order === undefined) return;
  expect(objects.length).toBeGreaterThan(2);
  const places = objects.map(ORDERS[order]);
  expect(places).toEqual([...places].sort());
}

/** Statuses in the order of listings: that of a user's life. */
const STATUSES = [
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'LOCKED_OUT',
  'PASSWORD_EXPIRED',
  'SUSPENDED',
];

/** Texts that sort as the items do. */
const ORDERS = {
  'by ID': (item: unknown) => String(valueAt(item, 'id')),
  'by status, then ID': (item: unknown) =>
    `${STATUSES.indexOf(String(valueAt(item, 'status')))} ${String(valueAt(item, 'id'))}`,
  'by name': (item: unknown) => String(valueAt(item, 'profile.name')).toLowerCase(),
} as const;

function checkHeaders(headers: Headers, { headers: expected = {} }: Answer): void {
  for (const [name, value] of Object.entries(expected)) {
    if (value instanceof RegExp) expect(headers.get(name), name).toMatch(value);
    else expect(headers.get(name), name).toBe(value);
  }
}

function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const key of path.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined;
  }
  return value;
}
