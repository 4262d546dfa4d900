import type { Org } from './org.js';

/** What a browser gets from an activation link. */
export interface ActivationPage {
  readonly status: 200 | 405 | 410;
  readonly html: string;
}

/** The token of the path of an activation link; undefined for other paths. */
export function activationTokenIn(url = ''): string | undefined {
  return /^\/tokens\/([\w-]+)\/verify$/.exec(url)?.[1];
}

/** Shows an activation link (GET), or uses it (POST): the user then has a password and is active. */
export function openActivationLink(org: Org, method: string | undefined, token: string): ActivationPage {
  if (method !== 'GET' && method !== 'POST') {
    return { status: 405, html: page('Method not allowed', '<p>This page takes GET and POST.</p>') };
  }
  const link = org.links.findOpen(token, org.nowMs());
  const user = link && org.users.find(link.oktaId);
  if (user === undefined || (user.status !== 'PROVISIONED' && user.status !== 'RECOVERY')) {
    const text = '<p>It was used, it has expired, or a newer one was issued. Ask your admin for another.</p>';
    return { status: 410, html: page('This link is no longer valid', text) };
  }
  if (method === 'GET') {
    const form = '<form method="post"><button>Set a password and sign in</button></form>';
    return {
      status: 200,
      html: page('Welcome to the sandbox org', `${form}<p>No password is asked for.</p>`),
    };
  }
  const now = org.timestamp();
  org.links.end(user);
  org.users.setStatus(user, 'ACTIVE', now);
  user.hasPassword = true;
  user.passwordDigest = undefined;
  user.passwordChanged = now;
  user.lastLogin = now;
  user.lastUpdated = now;
  return { status: 200, html: page('Your account is active', '<p>You can close this page.</p>') };
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>\n`;
}
