import { json, type Route } from '../route.js';

import { startImport } from './start-import.js';

/** Starting and pausing a run. */
export function runRoutes(): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/run',
      handle: ({ session, body }) => {
        startImport(session, fieldOf(body, 'org'));
        return json(session.state);
      },
    },
    {
      method: 'POST',
      path: '/api/run/pause',
      handle: ({ session }) => {
        session.run?.pause();
        return json(session.state);
      },
    },
  ];
}

/** A field of a body that may be anything. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
