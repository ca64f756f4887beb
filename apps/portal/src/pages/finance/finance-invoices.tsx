import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconFileInvoice } from '@tabler/icons-react';
import { CREDIT_NOTES_CSV } from '../../api/credit-notes.js';
import { financeInvoicesQuery } from '../../api/finance.js';
import { invoicesExportHref } from '../../api/reports.js';
import { DownloadButton } from '../../components/download-button.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { InvoiceTable } from '../../invoices/invoice-table.js';
import { invoiceStates, invoiceTitle, isInvoiceState } from '../../invoices/invoice-words.js';
import classes from './finance-invoices.module.css';
import { invoiceFilterOf } from './invoice-filter.js';

const route = getRouteApi('/finance');
const states = Object.entries(invoiceStates).map(([value, { label }]) => ({ value, label }));

export function FinanceInvoices() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = invoiceFilterOf(search);
  const invoices = useQuery({ ...financeInvoicesQuery(filter), refetchInterval: 10_000 });
  const change = (changes: Partial<Record<'state' | 'from' | 'to', string>>) => {
    const { state, from, to } = { ...search, ...changes };
    const { stand, month } = search;
    void navigate({
      to: '/finance',
      replace: true,
      resetScroll: false,
      search: {
        ...(state && isInvoiceState(state) ? { state } : {}),
        ...(from ? { from } : {}),
        ...(to ? { to } : {}),
        ...(stand ? { stand } : {}),
        ...(month ? { month } : {}),
      },
    });
  };
  return (
    <Section
      title="Invoices"
      flush
      actions={
        <>
          <DownloadButton href={CREDIT_NOTES_CSV}>Credit notes CSV</DownloadButton>
          <DownloadButton href={invoicesExportHref('csv', filter)}>Export CSV</DownloadButton>
        </>
      }
    >
      <div className={classes.filters}>
        <Select
          label="State"
          placeholder="All states"
          clearable
          data={states}
          value={search.state ?? null}
          onChange={(state) => change({ state: state ?? '' })}
        />
        <TextInput
          type="date"
          label="From (UTC)"
          value={search.from ?? ''}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label="To (UTC)"
          value={search.to ?? ''}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
      </div>
      <Loaded query={invoices} skeleton={<TableSkeleton rows={5} />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconFileInvoice} title="No invoices here">
              Closing a period makes one for each subscription that ended. Widen the filter to see older ones.
            </EmptyState>
          ) : (
            <InvoiceTable
              invoices={list}
              withOrganization
              linkTo={(invoice) => (
                <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId: invoice.id }} fw={500} size="sm">
                  {invoiceTitle(invoice)}
                </TextLink>
              )}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
