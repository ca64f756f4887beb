import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column {
  readonly label: string;
  readonly align?: 'left' | 'right';
  /** The heading is only for screen readers: columns of buttons. */
  readonly silent?: boolean;
}

interface DataTableProps {
  /** What the table lists, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
  readonly minWidth?: number;
}

/** A table that scrolls sideways inside its card on narrow screens. Rows are `Table.Tr`. */
export function DataTable({ caption, columns, children, minWidth = 640 }: DataTableProps) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${caption} table`}>
      <Table className={classes.table} miw={minWidth}>
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
