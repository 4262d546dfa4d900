import { Refusal } from './refusal.js';

/** `fields=id,status,profile:(firstName,city)`: only these, and always the id (users.md §6). */
export function projected(body: object, fields: string | null): object {
  if (!fields) return body;
  const wanted = parseFields(fields);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const inner = wanted.get(name);
    if (name === 'id' || inner === 'all') kept[name] = value;
    else if (inner) kept[name] = picked(value, inner);
  }
  return kept;
}

function parseFields(fields: string): Map<string, 'all' | ReadonlySet<string>> {
  const wanted = new Map<string, 'all' | ReadonlySet<string>>();
  const part = /\s*(?<name>\w+)(?::\((?<inner>[^()]*)\))?\s*(?:,|$)/y;
  while (part.lastIndex < fields.length) {
    const groups = part.exec(fields)?.groups;
    if (!groups) throw new Refusal('E0000031');
    const inner = groups['inner'];
    wanted.set(
      groups['name'] ?? '',
      inner === undefined ? 'all' : new Set(inner.split(',').map((name) => name.trim())),
    );
  }
  return wanted;
}

function picked(value: unknown, names: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.has(name)));
}
