import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import type { Sandbox } from '../../src/sandbox/server.js';

import type { Workplace } from './workplace.js';

/** What the file of links has for a person; an empty text for nothing. */
export interface FirstSignIn {
  readonly login: string;
  readonly link: string;
  readonly password: string;
}

/** Reads `links.csv` or `letters.html`. The login of a letter has no characters that HTML escapes. */
export function firstSignInsIn({ folder }: Workplace, file: string): readonly FirstSignIn[] {
  const text = readFileSync(join(folder, file), 'utf8');
  if (file.endsWith('.csv')) return parse(text, { bom: true, columns: true });
  return [...text.matchAll(/<article.*?<\/article>/gs)].map(([letter]) => ({
    login: /<dt>Login<\/dt><dd>(.*?)<\/dd>/.exec(letter)?.[1] ?? '',
    link: /<p class="link">(.*?)<\/p>/.exec(letter)?.[1] ?? '',
    password: /<span class="password"[^>]*>(.*?)<\/span>/.exec(letter)?.[1] ?? '',
  }));
}

/** Signs in as the person does. @returns the status of the sign-in, such as `PASSWORD_EXPIRED`; undefined for a wrong password. */
export async function signIn(
  okta: Pick<Sandbox, 'url'>,
  { login, password }: Pick<FirstSignIn, 'login' | 'password'>,
): Promise<string | undefined> {
  const response = await fetch(`${okta.url}/api/v1/authn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ username: login, password }),
  });
  const { status } = (await response.json()) as { status?: string };
  return response.ok ? status : undefined;
}
