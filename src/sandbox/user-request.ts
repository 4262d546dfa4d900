import { optionalObject, optionalString, type JsonObject } from './json-body.js';
import type { Org } from './org.js';
import { OktaError } from './okta-error.js';
import { attributeOf, type UserTypeRecord } from './schemas.js';
import type { UserProfile } from './user-store.js';

/** The user type that a body names, if any. */
export function requestedType(org: Org, body: JsonObject): UserTypeRecord | undefined {
  const typeId = optionalString(optionalObject(body['type'])?.['id']);
  return typeId === undefined ? undefined : org.userType(typeId);
}

/** Throws for attributes that the API cannot write, or only once. */
export function checkWritable(profile: JsonObject, before: JsonObject, type: UserTypeRecord): void {
  for (const [name, value] of Object.entries(profile)) {
    const mutability = attributeOf(type, name)?.mutability;
    if (mutability !== 'READ_ONLY' && mutability !== 'IMMUTABLE') continue;
    const isUnchanged = JSON.stringify(value ?? null) === JSON.stringify(before[name] ?? null);
    if (isUnchanged) continue;
    if (mutability === 'READ_ONLY') throw new OktaError('E0000077', { insert: name });
    if (before[name] !== undefined) throw new OktaError('E0000078', { insert: name });
  }
}

/** The profile as an org with `normalizesProfiles` stores it. */
export function normalized(org: Org, profile: UserProfile): UserProfile {
  if (!org.options.normalizesProfiles) return profile;
  const entries = Object.entries(profile).map(([name, value]) => {
    if (typeof value !== 'string') return [name, value] as const;
    const text = value.normalize('NFC');
    return [name, name === 'email' ? text.toLowerCase() : text] as const;
  });
  return { ...profile, ...Object.fromEntries(entries) };
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
