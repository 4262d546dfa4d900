import uPlot from 'uplot';

const HEIGHT = 220;
const FONT = '12px system-ui, sans-serif';

/** Draws a chart into an element and resizes it with the element. */
export function mountChart(
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

/** The horizontal axis of a chart, without its labels. */
export function xAxis(): uPlot.Axis {
  return { ...axis(), size: 32 };
}

/** The vertical axis of a chart, labeled with whole numbers. */
export function yAxis(): uPlot.Axis {
  return {
    ...axis(),
    size: 56,
    values: (_, values) => values.map((value) => value.toLocaleString('en-US')),
  };
}

/** The vertical scale: from 0 to a little above the largest value. */
export const Y_SCALE: uPlot.Scale = { range: (_, __, max) => [0, Math.max(1, max * 1.1)] };

function axis(): uPlot.Axis {
  return {
    font: FONT,
    stroke: () => color('chart-text'),
    grid: { stroke: () => color('chart-grid'), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
}

/** The current value of a color of the stylesheet. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Draws a vertical line across the chart. */
export function drawVerticalLine({ ctx, bbox }: uPlot, x: number): void {
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}
