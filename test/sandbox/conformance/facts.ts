import { expect, it } from 'vitest';

import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { testOrg, type TestOrg } from '../org.js';

type Response = Awaited<ReturnType<TestOrg['request']>>;

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
  /** Values by key, or what the text of a value matches. */
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
  it.each(facts.map((fact) => [fact.fact, fact] as const))('%s', async (_, fact) => {
    const { options, given = {}, ask, headers = {}, answer } = fact;
    const org = await testOrg(options);
    const ids = new Map<string, string>();
    for (const [name, step] of Object.entries(given)) {
      const response = await send(org, step, ids);
      if (response.status >= 300) throw new Error(`${step[0]} ${step[1]}: ${response.text}`);
      const id = valueAt([response.body].flat()[0], 'id');
      if (typeof id === 'string') ids.set(name, id);
    }
    const response = await send(org, ask, ids, headers);
    expect(differences(response, answer)).toEqual([]);
  });
}

function send(
  org: TestOrg,
  [method, path, body]: Ask,
  ids: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_, name) => ids.get(name) ?? _);
  return org.request(method, fill(path), {
    ...(body === undefined ? {} : { text: fill(JSON.stringify(body)) }),
    headers,
  });
}

/** What an answer has that a fact does not say, or lacks: `key: expected …, got …`. */
function differences({ status, headers, body }: Response, answer: Answer): string[] {
  const found: string[] = [];
  const compare = (what: string, expected: unknown, actual: unknown): void => {
    if (expected instanceof RegExp && expected.test(String(actual))) return;
    const one = expected instanceof RegExp ? String(expected) : JSON.stringify(expected);
    const other = JSON.stringify(actual);
    if (one !== other) found.push(`${what}: expected ${one}, got ${other}`);
  };
  const { code, causes, items, order, keys = [], lacks = [], values = {} } = answer;
  compare('status', answer.status, status);
  if (code !== undefined) compare('errorCode', code, valueAt(body, 'errorCode'));
  if (causes !== undefined) compare('errorCauses', causes, causesOf(body));
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    const sent = headers.get(name);
    const isExpected = value instanceof RegExp ? value.test(sent ?? '') : sent === value;
    if (!isExpected) found.push(`${name}: expected ${value}, got ${sent}`);
  }
  const objects = [body].flat();
  if (items !== undefined) compare('items', items, objects.length);
  for (const object of objects) {
    for (const key of keys) if (valueAt(object, key) === undefined) found.push(`${key} is missing`);
    for (const key of lacks) if (valueAt(object, key) !== undefined) found.push(`${key} is there`);
    for (const [key, value] of Object.entries(values)) compare(key, value, valueAt(object, key));
  }
  if (order !== undefined) {
    const places = objects.map(ORDERS[order]);
    compare('order', [...places].sort(), places);
    if (places.length < 3) found.push('too few items to show an order');
  }
  return found;
}

function causesOf(body: unknown): unknown[] {
  return [valueAt(body, 'errorCauses')].flat().map((cause) => valueAt(cause, 'errorSummary'));
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

function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}
