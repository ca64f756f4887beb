import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconCalendarCheck } from '@tabler/icons-react';
import { periodsQuery } from '../../api/finance.js';
import type { BillingPeriod, BoardState } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatPeriod } from '../../format/date.js';
import { invoiceStates, invoiceTitle } from '../../invoices/invoice-words.js';
import { boardStates } from '../../periods/board-words.js';
import classes from './period-board-view.module.css';

const columns = [
  { label: 'Organization' },
  { label: 'Product', isMinor: true },
  { label: 'Period (UTC)' },
  { label: 'Invoice' },
  { label: 'State' },
  { label: 'Total', align: 'right' },
] as const;

/** The periods at one state of the board; each with an invoice leads to it, and on to its lines and the calls behind them. */
export function BoardPeriods({ state, month }: { readonly state: BoardState; readonly month: string | undefined }) {
  const query = useInfiniteQuery({ ...periodsQuery(state, month), refetchInterval: whileOnFirstPage(15_000) });
  const { label } = boardStates[state];
  return (
    <Loaded query={query} skeleton={<TableSkeleton rows={4} />}>
      {({ pages }) => {
        const periods = pages.flatMap((page) => page.periods);
        return (
          <div className={classes.table}>
            {periods.length === 0 ? (
              <EmptyState icon={IconCalendarCheck} title={`${label}: none`}>
                {month === undefined ? 'No period stands here now.' : 'No period that ends in this month stands here.'}
              </EmptyState>
            ) : (
              <DataTable caption={`${label} periods`} columns={columns} minWidth={840}>
                {periods.map((period) => (
                  <PeriodRow key={`${period.subscriptionId}-${period.start}`} period={period} state={state} />
                ))}
              </DataTable>
            )}
            <ShowMore query={query} />
          </div>
        );
      }}
    </Loaded>
  );
}

function PeriodRow({ period, state }: { readonly period: BillingPeriod; readonly state: BoardState }) {
  const { organization, product, start, end, heldReason, invoice } = period;
  const shown = invoice ? invoiceStates[invoice.state] : boardStates[state];
  return (
    <Table.Tr>
      <Table.Td fw={500}>{organization.name}</Table.Td>
      <Table.Td>{product.title}</Table.Td>
      <Table.Td className="tabular">{formatPeriod(new Date(start), new Date(end))}</Table.Td>
      <Table.Td>
        {invoice ? (
          <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId: invoice.id }} size="sm" fw={500}>
            {invoiceTitle(invoice)}
          </TextLink>
        ) : (
          '–'
        )}
      </Table.Td>
      <Table.Td>
        <StatusBadge tone={shown.tone}>{shown.label}</StatusBadge>
        {heldReason && <div className={classes.reason}>{heldReason}</div>}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {invoice?.total.formatted ?? '–'}
      </Table.Td>
    </Table.Tr>
  );
}
