import type { SignInDescription, SignInMethod } from './authenticator.js';

/** What opens the sign-in of a description; OAuth's code is loaded only for those who use it. */
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
