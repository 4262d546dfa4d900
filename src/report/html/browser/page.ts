import type { PageFacts } from '../page-data.js';

import { startCharts } from './charts.js';
import { found } from './element.js';
import { startRows } from './rows-app.js';

for (const element of document.querySelectorAll<HTMLElement>('.needs-script')) element.hidden = false;
for (const element of document.querySelectorAll<HTMLElement>('.without-script')) element.hidden = true;
const facts = JSON.parse(found('#facts').textContent ?? '') as PageFacts;
startRows(found('#rows').textContent ?? '', facts);
startCharts(facts);
