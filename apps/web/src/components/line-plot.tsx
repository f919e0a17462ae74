import { useId } from 'react';
import { scaleLinear, scalePoint } from 'd3-scale';
import './plot.css';

export type Series = { key: string; label: string; tone: 'strong' | 'accent'; values: readonly (number | null)[] };

const size = { width: 560, height: 280 };
const margin = { top: 48, right: 24, bottom: 48, left: 56 };
const ticks = 5;
/** Names along the axis, so that they stay apart. */
const labelsMost = 4;

/**
 * How numbers went over time, from the lowest (0 at most) to 1. A value that is missing breaks its line. Says nothing that the table
 * beside it does not say.
 */
export function LinePlot({
  title,
  labels,
  series,
  format,
}: {
  title: string;
  labels: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
}) {
  const id = useId();
  const values = series.flatMap((each) => each.values.filter((value) => value !== null));
  const toX = scalePoint([...labels], [margin.left, size.width - margin.right]).padding(0.5);
  const toY = scaleLinear([Math.min(0, ...values), 1], [size.height - margin.bottom, margin.top]).nice(ticks);
  const every = Math.ceil(labels.length / labelsMost);
  const at = (label: string | undefined) => toX(label ?? '') ?? margin.left;
  return (
    <svg className="plot" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby={id}>
      <title id={id}>{title}</title>
      {toY.ticks(ticks).map((tick) => (
        <g key={tick} transform={`translate(0 ${toY(tick)})`}>
          <line x1={margin.left} x2={size.width - margin.right} className="plot-grid" />
          <text x={margin.left - 8} dy="0.32em" textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {labels.map((label, index) =>
        index % every === 0 ? (
          <text key={label} x={at(label)} y={size.height - margin.bottom} dy="1.6em" textAnchor="middle">
            {label}
          </text>
        ) : null,
      )}
      {series.map(({ key, label, tone, values: own }, index) => (
        <g key={key}>
          <path className={`plot-line plot-line-${tone}`} d={pathOf(own, (at_) => at(labels[at_]), toY)} />
          {own.map((value, point) =>
            value === null ? null : (
              <circle key={labels[point]} cx={at(labels[point])} cy={toY(value)} r={4} className={`plot-point plot-${tone}`}>
                <title>{`${label}, ${labels[point]}: ${format(value)}`}</title>
              </circle>
            ),
          )}
          <g transform={`translate(${margin.left + (index * (size.width - margin.left)) / series.length} 0)`}>
            <circle cx={6} cy="0.75em" r={5} className={`plot-point plot-${tone}`} />
            <text x={18} y="1.1em" className="plot-title">
              {label}
            </text>
          </g>
        </g>
      ))}
    </svg>
  );
}

function pathOf(values: readonly (number | null)[], toX: (index: number) => number, toY: (value: number) => number): string {
  return values
    .map((value, index) => {
      if (value === null) return '';
      const begins = index === 0 || values[index - 1] === null;
      return `${begins ? 'M' : 'L'}${toX(index)} ${toY(value)}`;
    })
    .join('');
}
