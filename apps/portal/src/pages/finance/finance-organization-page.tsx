import { Stack } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { financeBalanceQuery } from '../../api/balance.js';
import { productsQuery } from '../../api/catalog.js';
import { financeInvoicesQuery, financeOrganizationQuery } from '../../api/finance.js';
import { ProblemError } from '../../api/problem.js';
import type { FinanceOrganization } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import { Facts } from '../../components/facts.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { FinanceInvoiceList } from './finance-invoice-list.js';
import { ReviewWindow } from './invoice-review.js';
import { currenciesInUse } from './money-place.js';
import { OrganizationBalance } from './organization-balance.js';
import { OrganizationCredits } from './organization-credits.js';
import { OrganizationTax } from './organization-tax.js';
import { OrganizationTerms } from './organization-terms.js';
import { OrganizationTrials } from './organization-trials.js';

const route = getRouteApi('/finance/organizations/$organizationId');

/** What finance knows and decides of an organization, with or without an invoice. */
export function FinanceOrganizationPage(): ReactNode {
  const { organizationId } = route.useParams();
  const organization = useQuery(financeOrganizationQuery(organizationId));
  if (organization.error instanceof ProblemError && organization.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <Loaded query={organization} skeleton={<CardsSkeleton cards={2} height={240} />}>
        {(loaded) => <OrganizationDesk organization={loaded} />}
      </Loaded>
    </Page>
  );
}

function OrganizationDesk({ organization }: { readonly organization: FinanceOrganization }) {
  const { id, slug, name, billingEmail, createdAt, suspendedAt } = organization;
  const currencies = useCurrencies(id);
  return (
    <>
      <PageHeader
        title={name}
        above={<TextLink to="/finance/organizations">Organizations</TextLink>}
        {...(suspendedAt !== null && { badge: <StatusBadge tone="danger">Suspended</StatusBadge> })}
        description="How it pays, what it has in store, and its invoices."
      />
      <Stack gap="lg">
        <Section title="Details">
          <Facts
            entries={[
              { label: 'Short name', value: slug },
              { label: 'Billing e-mail', value: billingEmail ?? 'Its owners' },
              { label: 'Since', value: <DateTime at={createdAt} format="date" /> },
              { label: 'Organization id', value: <span className="mono">{id}</span> },
            ]}
          />
        </Section>
        <OrganizationTerms organization={organization} />
        <OrganizationTax organization={organization} />
        <OrganizationTrials organization={organization} />
        <ReviewWindow organization={organization} />
        <OrganizationBalance organization={organization} currencies={currencies} />
        <OrganizationCredits organization={organization} currencies={currencies} />
        <Section title="Invoices" description="Those in review too." flush>
          <FinanceInvoiceList filter={{ organizationId: id }}>
            The first one comes when its first period ends.
          </FinanceInvoiceList>
        </Section>
      </Stack>
    </>
  );
}

/** The currencies that money of an organization is in, or could be. */
function useCurrencies(organizationId: string): readonly string[] {
  const { data: statement } = useQuery(financeBalanceQuery(organizationId));
  const { data: invoices } = useInfiniteQuery(financeInvoicesQuery({ organizationId }));
  const { data: products } = useQuery(productsQuery);
  return currenciesInUse({ invoices, balances: statement?.balances, products });
}
