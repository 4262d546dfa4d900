import type uPlot from 'uplot';

import type { Timeline } from '../page-data.js';

import { findElement } from './element.js';
import { color, drawVerticalLine, mountChart, xAxis, yAxis, Y_SCALE } from './mount-chart.js';
import { toProgress, type Progress } from './progress.js';

/** Completed rows over time, with rate-limit waits as bands, 429s as marks and resumes as dashed lines. */
export function progressChart(timeline: Timeline): uPlot {
  const progress = toProgress(timeline);
  const plot = findElement('#progress .plot');
  plot.setAttribute('aria-label', descriptionOf(progress));
  return mountChart(plot, [progress.seconds, progress.rows], {
    hooks: {
      drawClear: [(chart) => drawWaits(chart, progress)],
      draw: [(chart) => drawRateLimited(chart, progress), (chart) => drawResumes(chart, timeline.resumedAt)],
    },
    scales: { x: { time: false }, y: Y_SCALE },
    axes: [
      { ...xAxis(), values: (_, seconds) => seconds.map(formatClock), incrs: TIME_STEPS, space: 70 },
      yAxis(),
    ],
    series: [
      {},
      {
        stroke: () => color('chart-line'),
        fill: () => color('chart-fill'),
        width: 1.5,
        points: { show: false },
      },
    ],
  });
}

/** Steps of the time axis, in seconds. */
const TIME_STEPS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

function formatClock(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${twoDigits((seconds % 3600) / 60)} h`;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

function descriptionOf({ seconds, rows, waitedMs, rateLimitedTotal }: Progress): string {
  return `Completed rows during the run: ${formatWhole(rows.at(-1) ?? 0)} in ${formatWhole(seconds.at(-1) ?? 0)} seconds; ${formatWhole(waitedMs / 1000)} seconds waiting for the rate limit; rate-limit responses (429): ${formatWhole(rateLimitedTotal)}.`;
}

function formatWhole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function drawWaits(chart: uPlot, { seconds, waitShare }: Progress): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = color('chart-band');
  for (const [index, share] of waitShare.entries()) {
    if (index === 0 || share < 0.05) continue;
    const left = chart.valToPos(seconds[index - 1]!, 'x', true);
    const right = chart.valToPos(seconds[index]!, 'x', true);
    ctx.globalAlpha = Math.min(1, share);
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

function drawRateLimited(chart: uPlot, { seconds, rateLimited }: Progress): void {
  const { ctx, bbox } = chart;
  const size = 4 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = color('chart-mark');
  for (const [index, count] of rateLimited.entries()) {
    if (count === 0) continue;
    const x = chart.valToPos(seconds[index]!, 'x', true);
    const y = bbox.top + bbox.height;
    ctx.beginPath();
    ctx.moveTo(x - size, y);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y - 2 * size);
    ctx.fill();
  }
  ctx.restore();
}

function drawResumes(chart: uPlot, resumedAt: readonly number[]): void {
  const { ctx } = chart;
  const dash = 4 * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = color('chart-axis');
  ctx.setLineDash([dash, dash]);
  for (const second of resumedAt) drawVerticalLine(chart, chart.valToPos(second, 'x', true));
  ctx.restore();
}
