import type uPlot from 'uplot';

import type { PageData } from '../page-data.js';

import { findElement } from './element.js';
import { latencyChart } from './latency-chart.js';
import { progressChart } from './progress-chart.js';
import { startRows } from './rows-app.js';

for (const element of document.querySelectorAll<HTMLElement>('.needs-script')) element.hidden = false;
for (const element of document.querySelectorAll<HTMLElement>('.without-script')) element.hidden = true;
const data = JSON.parse(findElement('#data').textContent ?? '') as PageData;
startRows(findElement('#rows').textContent ?? '', data);
startCharts(data);

/** Draws the charts, and redraws them when the color scheme changes. */
function startCharts({ timeline, latency }: PageData): void {
  const charts: uPlot[] = [];
  if (timeline !== null && timeline.seconds.length > 2) charts.push(progressChart(timeline));
  if (latency !== null) charts.push(latencyChart(latency));
  const redraw = (): void => {
    for (const chart of charts) chart.redraw(true, true);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  matchMedia('print').addEventListener('change', redraw);
}
