import type { PageData } from '../page-data.js';

import { startCharts } from './charts.js';
import { findElement } from './element.js';
import { startRows } from './rows-app.js';

for (const element of document.querySelectorAll<HTMLElement>('.needs-script')) element.hidden = false;
for (const element of document.querySelectorAll<HTMLElement>('.without-script')) element.hidden = true;
const data = JSON.parse(findElement('#data').textContent ?? '') as PageData;
startRows(findElement('#rows').textContent ?? '', data);
startCharts(data);
