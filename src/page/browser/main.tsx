import { render } from 'preact';

import { createApiClient } from './api-client.js';
import { App } from './app.js';
import { follow } from './connection.js';
import { createPage, PageProvider } from './page-context.js';
import { createRouter } from './router.js';
import { createStore } from './store.js';

const store = createStore();
const api = createApiClient(globalThis.fetch.bind(globalThis));
const page = createPage({ store, api, router: createRouter(globalThis.window) });

// A file that misses its place would replace the page.
for (const type of ['dragover', 'drop']) document.addEventListener(type, (event) => event.preventDefault());

render(
  <PageProvider value={page}>
    <App />
  </PageProvider>,
  document.querySelector('#app')!,
);
void follow({ store, api });
