/** Stacked bars on a canvas, coloured by tokens; what is under the pointer is reported, a table beside it carries the same for all (design.md, "Colour"). */
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { tokenColor } from './theme.ts';

type Props = {
  /** Stacked sums per series, smallest first; each as long as `labels`. */
  columns: readonly number[][];
  /** Token of each series' colour. */
  colors: readonly string[];
  labels: readonly string[];
  formatValue: (value: number) => string;
  onHover: (index: number | null) => void;
  label: string;
};

function optionsOf(props: Props, width: number, height: number): UPlot.Options {
  const muted = tokenColor('--text-3');
  const line = tokenColor('--line');
  const font = '12px "Inter Variable", sans-serif';
  const paths = UPlot.paths.bars?.({ size: [0.72, 44], radius: 0.08 });
  const every = Math.max(1, Math.ceil(props.labels.length / Math.max(2, Math.floor(width / 76))));
  return {
    width,
    height,
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.6, props.labels.length - 0.4] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      {
        stroke: muted,
        font,
        grid: { show: false },
        ticks: { show: false },
        size: 26,
        splits: () => props.labels.map((_, index) => index).filter((index) => index % every === 0),
        values: (_, splits) => splits.map((index) => props.labels[index] ?? ''),
      },
      {
        stroke: muted,
        font,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        size: 64,
        space: 44,
        values: (_, splits) => splits.map((value) => props.formatValue(value)),
      },
    ],
    series: [
      {},
      ...[...props.columns].reverse().map((_, index): UPlot.Series => {
        const color = tokenColor(props.colors[props.columns.length - 1 - index] ?? '--accent');
        return {
          fill: color,
          stroke: color,
          width: 0,
          points: { show: false },
          ...(paths === undefined ? {} : { paths }),
        };
      }),
    ],
    hooks: { setCursor: [(plot) => props.onHover(plot.cursor.idx ?? null)] },
  };
}

/** Draws again when data, width or theme change. */
export function BarChart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const shape = JSON.stringify([props.columns, props.colors, props.labels]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let plot: UPlot | null = null;
    const draw = (): void => {
      const { clientWidth, clientHeight } = element;
      plot?.destroy();
      if (clientWidth === 0) return;
      const { columns, labels } = latest.current;
      plot = new UPlot(
        optionsOf(latest.current, clientWidth, clientHeight),
        [labels.map((_, index) => index), ...[...columns].reverse()],
        element,
      );
    };
    const resized = new ResizeObserver(draw);
    resized.observe(element);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener('change', draw);
      plot?.destroy();
    };
  }, [shape]);
  return (
    <div className="chart" ref={box} role="img" aria-label={props.label} onMouseLeave={() => props.onHover(null)} />
  );
}
