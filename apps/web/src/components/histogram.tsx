import { useId, type ReactNode } from 'react';
import { scaleBand, scaleLinear } from 'd3-scale';
import { Disclosure } from './disclosure.tsx';
import { Table } from './table.tsx';
import { NumberText } from './text-values.tsx';
import './plot.css';

export type Bin = {
  /** Where it begins, as the axis says it. */
  from: string;
  /** From where to where, in words. */
  range: string;
  value: number;
};

/** Half as wide as other plots: two stand side by side, or one on a phone, at about the size it is drawn. */
const size = { width: 340, height: 200 };
const margin = { top: 28, right: 8, bottom: 44, left: 44 };
const ticks = 4;
/** Numbers along the axis, so that they stay apart on a phone. */
const labelsMost = 5;

type Words = {
  title: string;
  /** What the axis below measures, and what is counted. */
  axis: string;
  counted: string;
  format: (value: number) => string;
};

/** How values are spread, in bins side by side. What lies in the plot is also said by the table below it. */
export function Histogram({
  bins,
  tableLabel,
  note,
  ...words
}: Words & { bins: readonly Bin[]; tableLabel: string; /** What the bins leave out. */ note?: ReactNode }) {
  return (
    <figure className="stack gap-1">
      <Bars bins={bins} {...words} />
      {note && <p className="small faint">{note}</p>}
      <Disclosure summary={tableLabel} lazy>
        <Table
          caption={words.title}
          rows={bins}
          rowKey={({ range }) => range}
          columns={[
            { key: 'range', main: true, header: words.axis, cell: ({ range }) => range },
            { key: 'value', align: 'end', header: words.counted, cell: ({ value }) => <NumberText value={value} /> },
          ]}
        />
      </Disclosure>
    </figure>
  );
}

function Bars({ title, axis, counted, format, bins }: Words & { bins: readonly Bin[] }) {
  const id = useId();
  const toX = scaleBand(
    bins.map((_, index) => index),
    [margin.left, size.width - margin.right],
  ).paddingInner(0.08);
  const toY = scaleLinear([0, Math.max(1, ...bins.map(({ value }) => value))], [size.height - margin.bottom, margin.top]).nice(ticks);
  const floor = size.height - margin.bottom;
  const every = Math.ceil(bins.length / labelsMost);
  return (
    <svg className="plot plot-small" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby={id}>
      <title id={id}>{title}</title>
      {toY
        .ticks(ticks)
        .filter(Number.isInteger)
        .map((tick) => (
          <g key={tick} transform={`translate(0 ${toY(tick)})`}>
            <line x1={margin.left} x2={size.width - margin.right} className="plot-grid" />
            <text x={margin.left - 8} dy="0.32em" textAnchor="end">
              {format(tick)}
            </text>
          </g>
        ))}
      {bins.map(({ from, range, value }, index) => {
        const x = toX(index) ?? margin.left;
        // One in a million is still to be seen.
        const top = value === 0 ? floor : Math.min(toY(value), floor - 1);
        return (
          <g key={range}>
            <rect x={x} y={top} width={toX.bandwidth()} height={floor - top} className="plot-bar">
              <title>{`${range}: ${format(value)}`}</title>
            </rect>
            {index % every === 0 && (
              <text x={x} y={floor} dy="1.3em">
                {from}
              </text>
            )}
          </g>
        );
      })}
      <line x1={margin.left} x2={size.width - margin.right} y1={floor} y2={floor} className="plot-axis" />
      <text y="1em" className="plot-title">
        {counted}
      </text>
      <text x={size.width - margin.right} y={size.height - 4} textAnchor="end" className="plot-title">
        {axis}
      </text>
    </svg>
  );
}
