import { useId } from 'react';
import { scaleLinear } from 'd3-scale';
import './plot.css';

export type PlotPoint = { key: string; x: number; y: number; label: string; tone: 'quiet' | 'strong' | 'accent' };
type Axis = { title: string; format: (value: number) => string };

const size = { width: 560, height: 320 };
const margin = { top: 48, right: 24, bottom: 68, left: 56 };
const ticks = 5;

/**
 * Points over two axes that both begin at 0. Says nothing that the table beside it does not say: for those who see, it shows at
 * once which is better.
 */
export function ScatterPlot({
  title,
  points,
  x,
  y,
  diagonal = false,
}: {
  title: string;
  points: readonly PlotPoint[];
  x: Axis;
  y: Axis;
  /** Draws where both are equal. */
  diagonal?: boolean;
}) {
  const id = useId();
  const most = (value: (point: PlotPoint) => number) => Math.max(...points.map(value), Number.MIN_VALUE);
  const toX = scaleLinear([0, most((point) => point.x)], [margin.left, size.width - margin.right]).nice(ticks);
  const toY = scaleLinear([0, most((point) => point.y)], [size.height - margin.bottom, margin.top]).nice(ticks);
  const lastEqual = Math.min(toX.domain()[1] ?? 0, toY.domain()[1] ?? 0);
  return (
    <svg className="plot" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby={id}>
      <title id={id}>{title}</title>
      {toX.ticks(ticks).map((tick) => (
        <g key={tick} transform={`translate(${toX(tick)} 0)`}>
          <line y1={margin.top} y2={size.height - margin.bottom} className="plot-grid" />
          <text y={size.height - margin.bottom} dy="1.5em" textAnchor="middle">
            {x.format(tick)}
          </text>
        </g>
      ))}
      {toY.ticks(ticks).map((tick) => (
        <g key={tick} transform={`translate(0 ${toY(tick)})`}>
          <line x1={margin.left} x2={size.width - margin.right} className="plot-grid" />
          <text x={margin.left - 8} dy="0.32em" textAnchor="end">
            {y.format(tick)}
          </text>
        </g>
      ))}
      <text x={size.width - margin.right} y={size.height - 6} textAnchor="end" className="plot-title">
        {x.title}
      </text>
      <text y="1em" className="plot-title">
        {y.title}
      </text>
      {diagonal && <line x1={toX(0)} y1={toY(0)} x2={toX(lastEqual)} y2={toY(lastEqual)} className="plot-axis" />}
      {points.map((point) => (
        <circle
          key={point.key}
          cx={toX(point.x)}
          cy={toY(point.y)}
          r={point.tone === 'quiet' ? 4 : 7}
          className={`plot-point plot-${point.tone}`}
        >
          <title>{point.label}</title>
        </circle>
      ))}
      {points
        .filter(({ tone }) => tone !== 'quiet')
        .map((point) => {
          const right = toX(point.x) > size.width * 0.6;
          // Two that lie close together keep their names apart: one above, one below.
          const dy = point.tone === 'accent' ? '-0.9em' : '1.6em';
          return (
            <text
              key={point.key}
              x={toX(point.x) + (right ? -12 : 12)}
              y={toY(point.y)}
              dy={dy}
              textAnchor={right ? 'end' : 'start'}
              className="plot-label"
            >
              {point.label}
            </text>
          );
        })}
    </svg>
  );
}
