import { OktaError } from './okta-error.js';

/** Applies `fields=id,status,profile:(firstName,city)`: keeps only these fields, and always the ID. */
export function selectFields(body: object, fields: string | null): object {
  if (!fields) return body;
  const selected = parseFields(fields);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const inner = selected.get(name);
    if (name === 'id' || inner === 'all') kept[name] = value;
    else if (inner) kept[name] = pick(value, inner);
  }
  return kept;
}

function parseFields(fields: string): Map<string, 'all' | ReadonlySet<string>> {
  const selected = new Map<string, 'all' | ReadonlySet<string>>();
  const part = /\s*(?<name>\w+)(?::\((?<inner>[^()]*)\))?\s*(?:,|$)/y;
  while (part.lastIndex < fields.length) {
    const groups = part.exec(fields)?.groups;
    if (!groups) throw new OktaError('E0000031');
    const inner = groups['inner'];
    selected.set(
      groups['name'] ?? '',
      inner === undefined ? 'all' : new Set(inner.split(',').map((name) => name.trim())),
    );
  }
  return selected;
}

function pick(value: unknown, names: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.has(name)));
}
