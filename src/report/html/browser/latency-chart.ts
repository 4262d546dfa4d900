import uPlot from 'uplot';

import { latencyBound, type Latency } from '../page-data.js';

import { findElement } from './element.js';
import { color, drawVerticalLine, mountChart, xAxis, yAxis, Y_SCALE } from './mount-chart.js';

const TICKS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000];
/** Narrower ticks overlap. */
const MIN_TICK_PIXELS = 72;

/** A histogram of response times on a logarithmic scale, with the median and the 95th percentile marked. */
export function latencyChart({ from, counts, p50, p95 }: Latency): uPlot {
  const plot = findElement('#latency .plot');
  // One empty bucket on either side keeps the outer bars off the edges.
  const positions = Array.from({ length: counts.length + 2 }, (_, index) => from + index - 1 + 0.5);
  const first = positions[0]! - 0.5;
  const last = positions.at(-1)! + 0.5;
  const ticks = TICKS_MS.filter((ms) => positionOf(ms) >= first && positionOf(ms) <= last);
  return mountChart(plot, [positions, [0, ...counts, 0]], {
    hooks: {
      draw: [(chart) => drawPercentile(chart, p50, '50%'), (chart) => drawPercentile(chart, p95, '95%')],
    },
    scales: { x: { time: false, range: () => [first, last] }, y: Y_SCALE },
    axes: [
      {
        ...xAxis(),
        splits: (chart) => {
          const isTight = chart.width / ticks.length < MIN_TICK_PIXELS;
          return ticks.filter((ms) => !isTight || Number.isInteger(Math.log10(ms))).map(positionOf);
        },
        values: (_, splits) => splits.map((position) => formatTick(latencyBound(position))),
      },
      yAxis(),
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

/** The inverse of `latencyBound`. */
function positionOf(ms: number): number {
  return 4 * Math.log2(ms);
}

function formatTick(ms: number): string {
  const rounded = Math.round(ms);
  return rounded < 1000 ? `${rounded} ms` : `${rounded / 1000} s`;
}

function drawPercentile(chart: uPlot, ms: number, label: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = color('chart-text');
  ctx.fillStyle = color('chart-text');
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  const x = chart.valToPos(positionOf(ms), 'x', true);
  drawVerticalLine(chart, x);
  ctx.textAlign = 'left';
  ctx.fillText(label, x + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
  ctx.restore();
}
