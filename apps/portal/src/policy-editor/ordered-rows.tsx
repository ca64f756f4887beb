import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Fragment, type ReactNode, useId } from 'react';
import { changedAt } from '../plan-editor/plan-terms.js';
import { movedTo } from './policy-words.js';
import { RowButtons } from './row-buttons.js';

/** What a row has for itself. */
export interface RowParts<Row> {
  readonly change: (row: Row) => void;
  /** Which move it and take it away. */
  readonly buttons: ReactNode;
}

interface OrderedRowsProps<Row> {
  readonly rows: readonly Row[];
  /** "rule": the buttons of the second one are "Move rule 2 up" and so on. */
  readonly noun: string;
  /** The words of the button that adds one. */
  readonly adding: string;
  readonly fresh: () => Row;
  readonly onChange: (rows: readonly Row[]) => void;
  readonly children: (row: Row, index: number, parts: RowParts<Row>) => ReactNode;
}

/** A list whose order says something, and a button that adds to its end. */
export function OrderedRows<Row>({ rows, noun, adding, fresh, onChange, children }: OrderedRowsProps<Row>) {
  const list = useId();
  return (
    <>
      {rows.map((row, index) => {
        const buttons = (
          <RowButtons
            name={`${noun} ${index + 1}`}
            list={list}
            index={index}
            count={rows.length}
            onMove={(to) => onChange(movedTo(rows, index, to))}
            onRemove={() => onChange(changedAt(rows, index, null))}
          />
        );
        const change = (next: Row) => onChange(changedAt(rows, index, next));
        return <Fragment key={index}>{children(row, index, { change, buttons })}</Fragment>;
      })}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...rows, fresh()])}
        >
          {adding}
        </Button>
      </div>
    </>
  );
}
