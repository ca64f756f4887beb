import { ActionIcon, Alert, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconChevronLeft, IconChevronRight, IconHourglass } from '@tabler/icons-react';
import { boardQuery } from '../../api/finance.js';
import type { BoardColumn, BoardState, PeriodBoard as Board } from '../../api/types.js';
import { serverClock } from '../../clock/server-clock.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatQuantity, formatUnits } from '../../format/number.js';
import { boardStates, monthBeside, monthOf, monthWords } from '../../periods/board-words.js';
import { BoardPeriods } from './board-periods.js';
import classes from './period-board-view.module.css';

const route = getRouteApi('/finance');

/** Where the periods of all organizations stand, what they come to, and the way down into each. */
export function PeriodBoard({ onRelease }: { readonly onRelease: () => void }) {
  const { stand, month } = route.useSearch();
  const navigate = route.useNavigate();
  const board = useQuery({ ...boardQuery(month), refetchInterval: 15_000 });
  const show = (changes: { stand?: BoardState | undefined; month?: string | undefined }) =>
    void navigate({
      to: '/finance',
      replace: true,
      resetScroll: false,
      search: ({ stand: _stand, month: _month, ...others }) => {
        const next = { stand, month, ...changes };
        return { ...others, ...(next.stand && { stand: next.stand }), ...(next.month && { month: next.month }) };
      },
    });
  return (
    <Section
      title="Periods"
      description={month === undefined ? 'All that are not done.' : `Those that end in ${monthWords(month)} (UTC).`}
      actions={<MonthChoice month={month} onChange={(next) => show({ month: next })} />}
    >
      <Loaded query={board} skeleton={<CardsSkeleton cards={4} height={120} />}>
        {(loaded) => {
          const columns = loaded.columns.filter((column) => month !== undefined || !isDone(column.state));
          const chosen = stand !== undefined && columns.some(({ state }) => state === stand) ? stand : firstOf(columns);
          return (
            <>
              <div className={classes.board} role="group" aria-label="Where periods stand">
                {columns.map((column) => (
                  <ColumnButton
                    key={column.state}
                    column={column}
                    isChosen={column.state === chosen}
                    onChoose={() => show({ stand: column.state })}
                  />
                ))}
              </div>
              {chosen === 'held' && <HoldReasons board={loaded} onRelease={onRelease} />}
              <BoardPeriods key={`${chosen}${month}`} state={chosen} month={month} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** What is final is shown by month only: there is no end of it. */
function isDone(state: BoardState): boolean {
  return state === 'settled' || state === 'unbilled';
}

/** What needs a look comes first: what is held, in review, past due; else the first state with periods. */
function firstOf(columns: readonly BoardColumn[]): BoardState {
  const urgent: readonly BoardState[] = ['held', 'review', 'past_due'];
  const found = columns.find(({ state, count }) => count > 0 && urgent.includes(state));
  return (found ?? columns.find(({ count }) => count > 0) ?? columns[0])?.state ?? 'open';
}

interface ColumnButtonProps {
  readonly column: BoardColumn;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function ColumnButton({ column: { state, count, totals }, isChosen, onChoose }: ColumnButtonProps) {
  const { label, tone, words } = boardStates[state];
  return (
    <button type="button" className={classes.column} aria-pressed={isChosen} title={words} onClick={onChoose}>
      <StatusBadge tone={tone}>{label}</StatusBadge>
      <span className={classes.count}>{formatQuantity(count)}</span>
      <span className={classes.totals}>
        {totals.map(({ currency, formatted }) => (
          <span key={currency}>{formatted}</span>
        ))}
      </span>
    </button>
  );
}

interface MonthChoiceProps {
  readonly month: string | undefined;
  readonly onChange: (month: string | undefined) => void;
}

function MonthChoice({ month, onChange }: MonthChoiceProps) {
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Which periods"
        value={month === undefined ? 'all' : 'month'}
        data={[
          { value: 'all', label: 'Not done' },
          { value: 'month', label: 'By month' },
        ]}
        onChange={(value) => onChange(value === 'all' ? undefined : monthOf(serverClock.now()))}
      />
      {month !== undefined && (
        <Group gap={2} wrap="nowrap">
          <ActionIcon aria-label="The month before" onClick={() => onChange(monthBeside(month, -1))}>
            <IconChevronLeft size={18} />
          </ActionIcon>
          <Text size="sm" fw={500} miw={116} ta="center">
            {monthWords(month)}
          </Text>
          <ActionIcon aria-label="The month after" onClick={() => onChange(monthBeside(month, 1))}>
            <IconChevronRight size={18} />
          </ActionIcon>
        </Group>
      )}
    </Group>
  );
}

function HoldReasons({ board: { holdReasons }, onRelease }: { readonly board: Board; readonly onRelease: () => void }) {
  if (holdReasons.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconHourglass size={20} />} title="Why periods are held" mt="md">
      <ul className={classes.reasons}>
        {holdReasons.map(({ reason, count }) => (
          <li key={reason}>
            <b>{formatUnits(count, 'period')}</b>: {reason || 'no reason was written down'}
          </li>
        ))}
      </ul>
      <Button size="xs" variant="default" mt="sm" onClick={onRelease}>
        Release held periods
      </Button>
    </Alert>
  );
}
