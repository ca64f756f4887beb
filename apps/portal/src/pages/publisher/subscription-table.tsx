import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconUsers } from '@tabler/icons-react';
import { approveSubscription, publisherSubscriptionsQuery, refuseSubscription } from '../../api/publisher.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatUnits } from '../../format/number.js';
import { subscriptionState } from '../../subscriptions/subscription-state.js';

const columns = [
  { label: 'Organization' },
  { label: 'Application' },
  { label: 'Plan' },
  { label: 'State' },
  { label: 'Used this period', align: 'right' },
  { label: 'Since' },
] as const;

/** Lets a subscription begin that waits, or not. */
function Approval({ subscriptionId }: { readonly subscriptionId: string }) {
  const queryClient = useQueryClient();
  const decide = useMutation({
    mutationFn: (isApproved: boolean) =>
      isApproved ? approveSubscription(subscriptionId) : refuseSubscription(subscriptionId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['publisher'] }),
  });
  return (
    <>
      <Group gap="xs" mt="xs" wrap="nowrap">
        <Button size="xs" loading={decide.isPending} onClick={() => decide.mutate(true)}>
          Approve
        </Button>
        <Button size="xs" variant="default" disabled={decide.isPending} onClick={() => decide.mutate(false)}>
          Refuse
        </Button>
      </Group>
      {decide.isError && <ProblemAlert error={decide.error} />}
    </>
  );
}

/** Who subscribes to the team's products, and what they use. */
export function SubscriptionTable() {
  const subscriptions = useQuery({ ...publisherSubscriptionsQuery, refetchInterval: 10_000 });
  return (
    <Section title="Subscriptions" flush>
      <Loaded query={subscriptions} skeleton={<TableSkeleton rows={4} />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconUsers} title="No subscriptions yet">
              Developers find your products in the portal and subscribe by themselves.
            </EmptyState>
          ) : (
            <DataTable caption="Subscriptions" columns={columns} minWidth={820}>
              {list.map(({ id, organization, application, product, plan, state, meters, createdAt, ownTerms }) => (
                <Table.Tr key={id}>
                  <Table.Td fw={500}>
                    <TextLink to="/publisher/subscriptions/$subscriptionId" params={{ subscriptionId: id }}>
                      {organization.name}
                    </TextLink>
                  </Table.Td>
                  <Table.Td>{application.name}</Table.Td>
                  <Table.Td title={`Plan version ${plan.versionNumber}`}>
                    <div>
                      {product.title} {plan.title}
                      {ownTerms && (
                        <Text size="xs" c="dimmed">
                          terms of its own
                        </Text>
                      )}
                    </div>
                  </Table.Td>
                  <Table.Td>
                    {/* One block: on phones the cell puts its parts beside each other. */}
                    <div>
                      <StatusBadge tone={subscriptionState(state).tone}>{subscriptionState(state).label}</StatusBadge>
                      {state === 'pending_approval' && <Approval subscriptionId={id} />}
                    </div>
                  </Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {meters.map(({ slug, quantity, unit }) => (
                      <div key={slug}>{formatUnits(quantity, unit)}</div>
                    ))}
                  </Table.Td>
                  <Table.Td>
                    <DateTime at={createdAt} format="date" />
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          )
        }
      </Loaded>
    </Section>
  );
}
