import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconReceipt } from '@tabler/icons-react';
import { subscriptionsQuery } from '../../api/subscriptions.js';
import type { Application } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { formatPeriod } from '../../format/date.js';
import { useOrganization } from '../../organization/organization-context.js';
import { StateBadge } from '../../subscriptions/state-badge.js';

interface ApplicationSubscriptionsProps {
  readonly application: Application;
  readonly maySubscribe: boolean;
}

const columns = [
  { label: 'Product' },
  { label: 'Plan' },
  { label: 'State' },
  { label: 'Current period (UTC)' },
  { label: 'Since' },
] as const;

export function ApplicationSubscriptions({ application, maySubscribe }: ApplicationSubscriptionsProps) {
  const { organization } = useOrganization().current;
  const subscriptions = useQuery(subscriptionsQuery(organization.id));
  const subscribe = maySubscribe && (
    <ButtonLink to="/dashboard/subscribe" search={{ application: application.id }} variant="default" size="sm">
      Subscribe to a plan
    </ButtonLink>
  );
  return (
    <Section
      title="Subscriptions"
      description="The plans that this application’s calls are counted on."
      actions={application.subscriptions.length > 0 && subscribe}
      flush
    >
      <Loaded query={subscriptions} skeleton={<TableSkeleton rows={2} />}>
        {(all) => {
          const own = all.filter((subscription) => subscription.application.id === application.id);
          if (own.length === 0) {
            return (
              <EmptyState icon={IconReceipt} title="Not subscribed to anything" action={subscribe}>
                Live keys work as soon as the application has a plan. Free plans need no card.
              </EmptyState>
            );
          }
          return (
            <DataTable caption="Subscriptions" columns={columns}>
              {own.map(({ id, product, plan, state, currentPeriod, createdAt }) => (
                <Table.Tr key={id}>
                  <Table.Td fw={500}>
                    <TextLink to="/dashboard/subscriptions/$subscriptionId" params={{ subscriptionId: id }}>
                      {product.title}
                    </TextLink>
                  </Table.Td>
                  <Table.Td title={`Plan version ${plan.versionNumber}`}>{plan.title}</Table.Td>
                  <Table.Td>
                    <StateBadge state={state} isOrganizationSuspended={organization.suspendedAt !== null} />
                  </Table.Td>
                  <Table.Td className="tabular">
                    {formatPeriod(new Date(currentPeriod.start), new Date(currentPeriod.end))}
                  </Table.Td>
                  <Table.Td>
                    <DateTime at={createdAt} format="date" />
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          );
        }}
      </Loaded>
    </Section>
  );
}
