import type { OktaClient } from '../okta/client.js';

/** The policy of the org that asks for the longest passwords. */
export interface LongestPolicy {
  readonly name: string;
  readonly minLength: number;
}

/** Reads it, as far as the credentials allow. Never throws but for the signal. */
export async function readLongestPolicy(
  client: Pick<OktaClient, 'listPasswordPolicies'>,
  signal: AbortSignal,
): Promise<LongestPolicy | undefined> {
  let longest: LongestPolicy | undefined;
  try {
    for await (const { name, status, settings } of client.listPasswordPolicies({ signal })) {
      const minLength = settings?.password?.complexity?.minLength;
      if (status !== 'ACTIVE' || typeof minLength !== 'number') continue;
      if (minLength > (longest?.minLength ?? 0)) longest = { name, minLength };
    }
  } catch (error) {
    if (signal.aborted) throw error;
  }
  return longest;
}
