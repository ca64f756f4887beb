import { Button, Group, SegmentedControl, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import {
  type SubscriptionChoice,
  approveSubscription,
  publisherSubscriptionsQuery,
  refuseSubscription,
} from '../../api/publisher.js';
import type { PublisherSubscription } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { FindField } from '../../components/find-field.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { ReasonButton } from '../../components/reason-button.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
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

type ShownState = 'all' | NonNullable<SubscriptionChoice['state']>;

const states: { readonly value: ShownState; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'pending_approval', label: 'To approve' },
  { value: 'active', label: 'Active' },
  { value: 'canceled', label: 'Canceled' },
];

/** Lets a subscription begin that waits, or not. */
function Approval({ subscription }: { readonly subscription: PublisherSubscription }) {
  const { id, organization, product, plan } = subscription;
  const queryClient = useQueryClient();
  const approve = useMutation({
    mutationFn: () => approveSubscription(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['publisher'] }),
  });
  return (
    <>
      <Group gap="xs" mt="xs" wrap="nowrap">
        <Button size="xs" loading={approve.isPending} onClick={() => approve.mutate()}>
          Approve
        </Button>
        <ReasonButton
          label="Refuse"
          size="xs"
          desk="publisher"
          title={`Refuse ${organization.name}?`}
          isReasonOptional
          reasonDescription={`A mail tells ${organization.name}, with what you write here.`}
          action="Refuse subscription"
          run={(reason) => refuseSubscription(id, reason || null)}
        >
          The subscription to {product.title} {plan.title} ends for good and never begins. They can subscribe again.
        </ReasonButton>
      </Group>
      {approve.isError && <ProblemAlert error={approve.error} />}
    </>
  );
}

/** Who subscribes to the team's products, and what they use. */
export function SubscriptionTable() {
  const [state, setState] = useState<ShownState>('all');
  const [name, setName] = useState('');
  const choice = { ...(state !== 'all' && { state }), ...(name !== '' && { name }) };
  const query = useInfiniteQuery({
    ...publisherSubscriptionsQuery(choice),
    refetchInterval: whileOnFirstPage(10_000),
  });
  const isChosen = Object.keys(choice).length > 0;
  return (
    <Section
      title="Subscriptions"
      actions={
        <Group gap="sm">
          <FindField
            isCompact
            label="Find by organization or application"
            placeholder="Organization or application"
            onFind={(typed) => setName(typed.trim())}
          />
          <SegmentedControl
            size="xs"
            data={states}
            value={state}
            onChange={setState}
            aria-label="Which subscriptions"
          />
        </Group>
      }
      flush
    >
      <Loaded query={query} skeleton={<TableSkeleton rows={4} />}>
        {({ pages }) => {
          const list = pages.flatMap(({ subscriptions }) => subscriptions);
          if (list.length === 0) return <NoSubscriptions isChosen={isChosen} />;
          return (
            <DataTable caption="Subscriptions" columns={columns} minWidth={820}>
              {list.map((subscription) => (
                <SubscriptionRow key={subscription.id} subscription={subscription} />
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <ShowMore query={query} />
    </Section>
  );
}

function NoSubscriptions({ isChosen }: { readonly isChosen: boolean }) {
  if (isChosen) {
    return (
      <EmptyState icon={IconUsers} title="No subscription like this">
        Choose another state, or a shorter part of the name.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconUsers} title="No subscriptions yet">
      Developers find your products in the portal and subscribe by themselves.
    </EmptyState>
  );
}

function SubscriptionRow({ subscription }: { readonly subscription: PublisherSubscription }) {
  const { id, organization, application, product, plan, state, meters, createdAt, ownTerms } = subscription;
  return (
    <Table.Tr>
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
          {state === 'pending_approval' && <Approval subscription={subscription} />}
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
  );
}
