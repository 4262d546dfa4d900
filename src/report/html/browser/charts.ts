import type uPlot from 'uplot';

import type { PageData } from '../page-data.js';

import { latencyChart } from './latency-chart.js';
import { throughputChart } from './throughput-chart.js';

/** Draws the charts, and redraws them when the color scheme changes. */
export function startCharts({ timeline, latency }: PageData): void {
  const charts: uPlot[] = [];
  if (timeline !== null && timeline.seconds.length > 2) charts.push(throughputChart(timeline));
  if (latency !== null) charts.push(latencyChart(latency));
  const redraw = (): void => {
    for (const chart of charts) chart.redraw(true, true);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  matchMedia('print').addEventListener('change', redraw);
}
