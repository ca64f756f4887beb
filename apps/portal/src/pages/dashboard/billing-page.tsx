import { Stack } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconFileInvoice } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { invoicesQuery } from '../../api/invoices.js';
import { currentUsageQuery } from '../../api/usage.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { isSettled, whileOnFirstPage } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { InvoiceTable } from '../../invoices/invoice-table.js';
import { invoiceTitle } from '../../invoices/invoice-words.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { BalanceSection } from './balance-section.js';
import { BillingDetailsSection } from './billing-details-section.js';
import { CreditSection } from './credit-section.js';
import { Estimates } from './estimates.js';
import { PaymentMethodSection } from './payment-method-section.js';

export function BillingPage(): ReactNode {
  const organizationId = useOrganizationId();
  const usage = useQuery({ ...currentUsageQuery(organizationId), refetchInterval: 2000 });
  const invoices = useInfiniteQuery({
    ...invoicesQuery(organizationId),
    refetchInterval: whileOnFirstPage(10_000),
  });
  return (
    <>
      <PageHeader
        title="Billing"
        description="What the current periods cost so far, and what was billed before."
        actions={
          <ButtonLink to="/dashboard/billing/budget" variant="default">
            Budget
          </ButtonLink>
        }
      />
      <Stack gap="lg">
        <PaymentMethodSection />
        <BillingDetailsSection />
        <Estimates usage={usage} />
        <CreditSection />
        <BalanceSection />
        {/* What stands above has no height until it is there. */}
        {isSettled(usage) && (
          <Section title="Invoices" flush>
            <Loaded query={invoices} skeleton={<TableSkeleton rows={3} />}>
              {(list) =>
                list.length === 0 ? (
                  <EmptyState icon={IconFileInvoice} title="No invoices yet">
                    The first one comes when the first period ends.
                  </EmptyState>
                ) : (
                  <InvoiceTable
                    invoices={list}
                    linkTo={(invoice) => (
                      <TextLink
                        to="/dashboard/billing/invoices/$invoiceId"
                        params={{ invoiceId: invoice.id }}
                        fw={500}
                        size="sm"
                      >
                        {invoiceTitle(invoice)}
                      </TextLink>
                    )}
                  />
                )
              }
            </Loaded>
            <ShowMore query={invoices} />
          </Section>
        )}
      </Stack>
    </>
  );
}
