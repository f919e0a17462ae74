import { useId } from 'react';
import './plot.css';

const size = { width: 120, height: 28 };
const edge = 2;

/** How a number grew towards its goal, in one small line; the dashed line above is the goal. `label` says the same in words. */
export function Sparkline({ values, goal, label }: { values: readonly number[]; goal: number; label: string }) {
  const id = useId();
  const most = Math.max(goal, ...values, 1);
  const x = (index: number) => edge + (index / Math.max(1, values.length - 1)) * (size.width - 2 * edge);
  const y = (value: number) => size.height - edge - (value / most) * (size.height - 2 * edge);
  return (
    <svg className="sparkline" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby={id}>
      <title id={id}>{label}</title>
      <line className="sparkline-goal" x1={edge} x2={size.width - edge} y1={y(goal)} y2={y(goal)} />
      <polyline className="sparkline-line" points={values.map((value, index) => `${x(index)},${y(value)}`).join(' ')} />
    </svg>
  );
}
