import type { SignInDescription, SignInMethod } from './authenticator.js';

/** Loads the code of one sign-in method only: most runs do without OAuth's. */
export async function createSignInMethod(description: SignInDescription): Promise<SignInMethod> {
  switch (description.mode) {
    case 'SSWS':
      return (await import('./static-token.js')).apiToken(description.token, description.tokenFrom);
    case 'Bearer':
      return (await import('./static-token.js')).accessToken(description.token, description.tokenFrom);
    case 'PrivateKey':
      return (await import('./service-app.js')).serviceApp(description);
    default:
      return description satisfies never;
  }
}
