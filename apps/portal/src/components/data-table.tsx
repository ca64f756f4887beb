import { Table } from '@mantine/core';
import type { CSSProperties, ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column {
  readonly label: string;
  readonly align?: 'left' | 'right';
  /** The heading is only for screen readers: columns of buttons. */
  readonly silent?: boolean;
  /** Left out on phones, where every row is a block: what the row's details or its own page tell as well. */
  readonly isMinor?: boolean;
}

interface DataTableProps {
  /** What the table lists, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
  readonly minWidth?: number;
}

/**
 * A table; one that is too wide scrolls sideways inside its card. On phones each row becomes a block of labelled values.
 * Rows are `Table.Tr`; at most ten columns.
 */
export function DataTable({ caption, columns, children, minWidth = 640 }: DataTableProps) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${caption} table`}>
      <Table className={classes.table} style={labelsOf(columns, minWidth)}>
        <caption className="visually-hidden">{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ label, align = 'left', silent = false }) => (
              <Table.Th key={label} scope="col" ta={align}>
                {silent ? <span className="visually-hidden">{label}</span> : label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

/** What the style sheet shows before each cell on phones: it knows a column by its number only. */
function labelsOf(columns: readonly Column[], minWidth: number): CSSProperties {
  const labels = columns.flatMap(({ label, silent, isMinor }, index) => [
    [`--label-${index + 1}`, JSON.stringify(silent ? '' : label)],
    [`--shown-${index + 1}`, isMinor ? 'none' : 'flex'],
  ]);
  return Object.fromEntries([['--wide', `${minWidth}px`], ...labels]) as CSSProperties;
}
