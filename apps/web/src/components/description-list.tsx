import type { ReactNode } from 'react';
import './display.css';

export type Description = { term: ReactNode; value: ReactNode };

/** Facts: terms and their values. What is null or false is left out. */
export function DescriptionList({ items }: { items: readonly (Description | null | false)[] }) {
  return (
    <dl className="facts">
      {items.map((item, index) =>
        item ? (
          // oxlint-disable-next-line react/no-array-index-key -- the list never changes its order
          <div key={index}>
            <dt>{item.term}</dt>
            <dd>{item.value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
