import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { BillingPeriod } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatPeriod } from '../../format/date.js';
import { type BoardColumn, boardOf } from './period-board.js';
import classes from './period-board-view.module.css';

const shownAtFirst = 5;

export function PeriodBoard({ periods }: { readonly periods: readonly BillingPeriod[] }) {
  return (
    <section aria-labelledby="periods">
      <h2 id="periods" className={classes.heading}>
        Periods
      </h2>
      <div className={classes.board}>
        {boardOf(periods).map((column) => (
          <Column key={column.state} column={column} />
        ))}
      </div>
    </section>
  );
}

function Column({ column: { label, tone, words, periods } }: { readonly column: BoardColumn }) {
  const [showsAll, { toggle }] = useDisclosure(false);
  const shown = showsAll ? periods : periods.slice(0, shownAtFirst);
  return (
    <section className={classes.column} aria-label={`${label} periods`}>
      <header className={classes.head}>
        <StatusBadge tone={tone}>{label}</StatusBadge>
        <span className={classes.count}>{periods.length}</span>
      </header>
      <Text size="sm" c="dimmed" px={20} pb={12}>
        {words}
      </Text>
      <ul className={classes.list}>
        {shown.map((period) => (
          <li key={`${period.subscriptionId}-${period.start}`}>
            <PeriodCard period={period} />
          </li>
        ))}
        {periods.length === 0 && <li className={classes.none}>None</li>}
      </ul>
      {periods.length > shownAtFirst && (
        <Button variant="subtle" size="compact-sm" m={12} onClick={toggle}>
          {showsAll ? 'Show fewer' : `Show all ${periods.length}`}
        </Button>
      )}
    </section>
  );
}

function PeriodCard({ period }: { readonly period: BillingPeriod }) {
  return (
    <>
      <span className={classes.organization}>{period.organization.name}</span>
      <span className={classes.quiet}>
        {period.product.title} · {formatPeriod(new Date(period.start), new Date(period.end))}
      </span>
      {period.heldReason && <span className={classes.reason}>{period.heldReason}</span>}
      {period.closedAt && (
        <span className={classes.quiet}>
          Closed <DateTime at={period.closedAt} />
        </span>
      )}
    </>
  );
}
