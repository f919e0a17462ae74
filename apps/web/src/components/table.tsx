import type { ReactNode } from 'react';
import './display.css';

export type Column<Row> = {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** `end` for numbers. */
  align?: 'start' | 'end';
  /** Names the row: the first thing of it on a phone, where the table becomes a list. */
  main?: boolean;
};
type TableProps<Row> = {
  /** What the table shows; read out, and shown when `showCaption`. */
  caption: ReactNode;
  showCaption?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
};

/** A table that is a list of small cards of label and value on a phone. */
export function Table<Row>({ caption, showCaption, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <table className="table">
      <caption className={showCaption ? 'kicker' : 'visually-hidden'}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ key, header, align }) => (
            <th key={key} scope="col" className={align === 'end' ? 'align-end' : undefined}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <Cell key={column.key} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<Row>({ column: { header, cell, align, main }, row }: { column: Column<Row>; row: Row }) {
  const content = (
    <>
      {!main && (
        <span className="table-label" aria-hidden>
          {header}
        </span>
      )}
      <span className="table-value">{cell(row)}</span>
    </>
  );
  const className = align === 'end' ? 'align-end' : undefined;
  return main ? (
    <th scope="row" className="table-main">
      {content}
    </th>
  ) : (
    <td className={className}>{content}</td>
  );
}
