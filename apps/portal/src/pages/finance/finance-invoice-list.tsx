import { useInfiniteQuery } from '@tanstack/react-query';
import { IconFileInvoice } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type InvoiceFilter, financeInvoicesQuery } from '../../api/finance.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { InvoiceTable } from '../../invoices/invoice-table.js';
import { invoiceTitle } from '../../invoices/invoice-words.js';
import { OrganizationLink } from './organization-link.js';

interface FinanceInvoiceListProps {
  readonly filter: InvoiceFilter;
  /** What is said where there is none. */
  readonly children: ReactNode;
}

/** Invoices of all organizations, or of the one that the filter names, with the way to each. */
export function FinanceInvoiceList({ filter, children }: FinanceInvoiceListProps) {
  const invoices = useInfiniteQuery({ ...financeInvoicesQuery(filter), refetchInterval: whileOnFirstPage(10_000) });
  return (
    <>
      <Loaded query={invoices} skeleton={<TableSkeleton rows={5} />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconFileInvoice} title="No invoices here">
              {children}
            </EmptyState>
          ) : (
            <InvoiceTable
              invoices={list}
              showsDisputes
              {...(filter.organizationId === undefined && {
                organizationLink: (organization) => <OrganizationLink organization={organization} />,
              })}
              linkTo={(invoice) => (
                <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId: invoice.id }} fw={500} size="sm">
                  {invoiceTitle(invoice)}
                </TextLink>
              )}
            />
          )
        }
      </Loaded>
      <ShowMore query={invoices} />
    </>
  );
}
