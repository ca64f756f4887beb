import { ActionIcon, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { flushSync } from 'react-dom';
import classes from '../plan-editor/plan-editor.module.css';

interface RowButtonsProps {
  /** "rule 2": what is moved or removed. */
  readonly name: string;
  /** One for each list on the page. */
  readonly list: string;
  readonly index: number;
  readonly count: number;
  readonly onMove: (to: number) => void;
  readonly onRemove: () => void;
}

/** Moves a row of a list up and down, and takes it away. The focus goes with what was moved. */
export function RowButtons({ name, list, index, count, onMove, onRemove }: RowButtonsProps) {
  const idOf = (row: number, direction: 'up' | 'down') => `${list}-${row}-${direction}`;
  const move = (to: number, direction: 'up' | 'down') => {
    flushSync(() => onMove(to));
    const isAtEnd = direction === 'up' ? to === 0 : to === count - 1;
    document.getElementById(idOf(to, isAtEnd ? (direction === 'up' ? 'down' : 'up') : direction))?.focus();
  };
  return (
    <Group gap={4} wrap="nowrap" className={classes.rowActions}>
      <ActionIcon
        id={idOf(index, 'up')}
        size={36}
        aria-label={`Move ${name} up`}
        disabled={index === 0}
        onClick={() => move(index - 1, 'up')}
      >
        <IconArrowUp size={18} />
      </ActionIcon>
      <ActionIcon
        id={idOf(index, 'down')}
        size={36}
        aria-label={`Move ${name} down`}
        disabled={index === count - 1}
        onClick={() => move(index + 1, 'down')}
      >
        <IconArrowDown size={18} />
      </ActionIcon>
      <ActionIcon size={36} aria-label={`Remove ${name}`} onClick={onRemove}>
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  );
}
