import { Select, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { creditNotesExportHref, invoicesExportHref } from '../../api/reports.js';
import { DownloadButton } from '../../components/download-button.js';
import { FindField } from '../../components/find-field.js';
import { Section } from '../../components/section.js';
import { invoiceStates } from '../../invoices/invoice-words.js';
import { financeSearchOf } from '../../router/search.js';
import { FinanceInvoiceList } from './finance-invoice-list.js';
import classes from './finance-invoices.module.css';
import { invoiceFilterOf } from './invoice-filter.js';

const route = getRouteApi('/finance');
const states = Object.entries(invoiceStates).map(([value, { label }]) => ({ value, label }));

export function FinanceInvoices() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = invoiceFilterOf(search);
  const change = (changes: Partial<Record<'state' | 'from' | 'to' | 'q', string>>) =>
    void navigate({
      to: '/finance',
      replace: true,
      resetScroll: false,
      search: (current) => financeSearchOf({ ...current, ...changes }),
    });
  return (
    <Section
      title="Invoices"
      flush
      actions={
        <>
          <DownloadButton href={creditNotesExportHref(filter)}>Credit notes CSV</DownloadButton>
          <DownloadButton href={invoicesExportHref('csv', filter)}>Export CSV</DownloadButton>
        </>
      }
    >
      <div className={classes.filters}>
        <FindField
          label="Find"
          placeholder="Number or organization"
          initial={search.q ?? ''}
          onFind={(q) => change({ q })}
        />
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
      <FinanceInvoiceList filter={filter}>
        Closing a period makes one for each subscription that ended. Widen the filter to see older ones.
      </FinanceInvoiceList>
    </Section>
  );
}
