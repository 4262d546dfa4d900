import uPlot from 'uplot';

import { latencyBound, type Latency, type PageFacts, type Timeline } from '../page-data.js';

import { found } from './element.js';
import { toCourse, type Course } from './run-timeline.js';

/** Draws the charts, again whenever the colors or the room for them change. */
export function startCharts({ timeline, latency }: PageFacts): void {
  const charts: uPlot[] = [];
  if (timeline !== null && timeline.seconds.length > 2) charts.push(throughput(timeline));
  if (latency !== null) charts.push(answerTimes(latency));
  const redraw = (): void => {
    for (const chart of charts) chart.redraw(true, true);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  matchMedia('print').addEventListener('change', redraw);
}

const HEIGHT = 220;
const FONT = '12px system-ui, sans-serif';

/** A color of the stylesheet, as it is just now. */
function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function throughput(timeline: Timeline): uPlot {
  const course = toCourse(timeline);
  const plot = found('#throughput .plot');
  plot.setAttribute('aria-label', wordsOf(course));
  return mounted(plot, [course.seconds, course.rowsAMinute], {
    hooks: {
      drawClear: [(chart) => drawWaits(chart, course)],
      draw: [(chart) => drawMarks(chart, course, timeline.resumedAt)],
    },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      { ...axis(), size: 32, values: (_, seconds) => seconds.map(clock), incrs: STEPS, space: 70 },
      { ...axis(), size: 56, values: amounts },
    ],
    series: [
      {},
      {
        stroke: () => color('chart-line'),
        fill: () => color('chart-fill'),
        width: 1.5,
        points: { show: false },
        paths: uPlot.paths.stepped!({ align: -1 }),
      },
    ],
  });
}

/** Seconds between two marks of the axis: what people count in. */
const STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

function clock(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)} h`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

function wordsOf({ most, average, waitedMs, refusals }: Course): string {
  return `Rows a minute over the time of the run: ${whole(average)} on average, ${whole(most)} at most; ${whole(waitedMs / 1000)} seconds of waiting for the rate limit, ${whole(refusals)} answers of 429.`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function drawWaits(chart: uPlot, { seconds, waiting }: Course): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = color('chart-band');
  for (const [index, part] of waiting.entries()) {
    if (index === 0 || part < 0.05) continue;
    const left = chart.valToPos(seconds[index - 1]!, 'x', true);
    const right = chart.valToPos(seconds[index]!, 'x', true);
    ctx.globalAlpha = Math.min(1, part);
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

function drawMarks(chart: uPlot, { seconds, refused }: Course, resumedAt: readonly number[]): void {
  const { ctx, bbox } = chart;
  const size = 4 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = color('chart-mark');
  for (const [index, count] of refused.entries()) {
    if (count === 0) continue;
    const x = chart.valToPos(seconds[index]!, 'x', true);
    const y = bbox.top + bbox.height;
    ctx.beginPath();
    ctx.moveTo(x - size, y);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y - 2 * size);
    ctx.fill();
  }
  ctx.strokeStyle = color('chart-axis');
  ctx.setLineDash([size, size]);
  for (const second of resumedAt) {
    const x = chart.valToPos(second, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function answerTimes({ from, counts, p50, p95 }: Latency): uPlot {
  const plot = found('#latency .plot');
  // A bucket more on either side, so that the first and the last bar stand free.
  const places = Array.from({ length: counts.length + 2 }, (_, index) => from + index - 1 + 0.5);
  const first = places[0]! - 0.5;
  const last = places.at(-1)! + 0.5;
  const ticks = ROUND_MS.filter((ms) => placeOf(ms) >= first && placeOf(ms) <= last);
  return mounted(plot, [places, [0, ...counts, 0]], {
    hooks: { draw: [(chart) => drawPercentiles(chart, [p50, p95].map(placeOf))] },
    scales: {
      x: { time: false, range: () => [first, last] },
      y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
    },
    axes: [
      {
        ...axis(),
        size: 32,
        // Powers of ten alone when the others would stand too close.
        splits: (chart) => {
          const isTight = chart.width / ticks.length < 72;
          return ticks.filter((ms) => !isTight || Number.isInteger(Math.log10(ms))).map(placeOf);
        },
        values: (_, splits) => splits.map((place) => time(latencyBound(place))),
      },
      { ...axis(), size: 56, values: amounts },
    ],
    series: [
      {},
      {
        fill: () => color('chart-line'),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars!({ size: [0.82, 64], radius: 0.15 }),
      },
    ],
  });
}

const ROUND_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000];

/** Where a time stands among the buckets. */
function placeOf(ms: number): number {
  return 4 * Math.log2(ms);
}

function time(ms: number): string {
  const rounded = Math.round(ms);
  return rounded < 1000 ? `${rounded} ms` : `${rounded / 1000} s`;
}

function drawPercentiles(chart: uPlot, places: readonly number[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = color('chart-text');
  ctx.fillStyle = color('chart-text');
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const [index, place] of places.entries()) {
    const x = chart.valToPos(place, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.textAlign = 'left';
    ctx.fillText(['50 %', '95 %'][index] ?? '', x + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
  }
  ctx.restore();
}

function amounts(_: uPlot, values: readonly number[]): string[] {
  return values.map((value) => value.toLocaleString('en-US'));
}

function axis(): uPlot.Axis {
  return {
    font: FONT,
    stroke: () => color('chart-text'),
    grid: { stroke: () => color('chart-grid'), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
}

function mounted(
  plot: HTMLElement,
  data: readonly (readonly number[])[],
  options: Omit<uPlot.Options, 'width' | 'height'>,
): uPlot {
  const chart = new uPlot(
    {
      ...options,
      width: plot.clientWidth || 600,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [12, 12, 0, 0],
    },
    data.map((column) => [...column]) as uPlot.AlignedData,
    plot,
  );
  new ResizeObserver(() => {
    const { clientWidth } = plot;
    if (clientWidth > 0 && clientWidth !== chart.width) chart.setSize({ width: clientWidth, height: HEIGHT });
  }).observe(plot);
  return chart;
}
