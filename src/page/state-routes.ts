import { json, type Route } from './route.js';

/** @param close - ends the server. */
export function stateRoutes({ close }: { readonly close: () => void }): readonly Route[] {
  return [
    { method: 'GET', path: '/api/state', handle: ({ session }) => json(session.state) },
    {
      method: 'POST',
      path: '/api/close',
      handle: () => {
        // After the response.
        setImmediate(close);
        return json({});
      },
    },
  ];
}
