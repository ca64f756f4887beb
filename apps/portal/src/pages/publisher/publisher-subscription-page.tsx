import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ProblemError } from '../../api/problem.js';
import { publisherSubscriptionQuery, revokeOverride } from '../../api/publisher.js';
import type { PublisherSubscriptionPage as Details, SubscriptionOverride } from '../../api/types.js';
import { featureLines } from '../../catalog/feature-words.js';
import { PlanDifferences } from '../../catalog/plan-differences.js';
import { quotaWords, shortLimitWords, usageLines } from '../../catalog/plan-words.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DateTime } from '../../components/date-time.js';
import { Facts } from '../../components/facts.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatAmount } from '../../format/money.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { subscriptionState } from '../../subscriptions/subscription-state.js';
import { OverrideForm } from './override-form.js';
import { SubscriptionCoupon } from './subscription-coupon.js';
import { SuspendSubscription, SuspendedSubscription } from './subscription-suspension.js';
import { SubscriptionNotes } from './subscription-notes.js';

const route = getRouteApi('/publisher/subscriptions/$subscriptionId');

export function PublisherSubscriptionPage(): ReactNode {
  const { subscriptionId } = route.useParams();
  const subscription = useQuery(publisherSubscriptionQuery(subscriptionId));
  if (subscription.error instanceof ProblemError && subscription.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <Loaded query={subscription} skeleton={<CardsSkeleton cards={2} height={320} />}>
        {(found) => <SubscriptionView found={found} />}
      </Loaded>
    </Page>
  );
}

function SubscriptionView({ found }: { readonly found: Details }) {
  const { id, product, plan, organization, application, state, createdAt, overrides, cancelAt } = found;
  const [isEditing, setEditing] = useState(false);
  const isOver = state === 'canceled' || cancelAt !== null || state === 'pending_approval';
  const { tone, label } = subscriptionState(state);
  const maySuspend = state !== 'canceled' && state !== 'pending_approval' && !found.suspendedFor.includes('publisher');
  return (
    <>
      <PageHeader
        title={`${organization.name}: ${product.title} ${plan.title}`}
        above={<TextLink to="/publisher">Publisher</TextLink>}
        badge={<StatusBadge tone={tone}>{label}</StatusBadge>}
        description={
          <>
            {application.name} · since <DateTime at={createdAt} format="date" /> · <span className="mono">{id}</span>
          </>
        }
        actions={
          <>
            {maySuspend && <SuspendSubscription subscriptionId={id} organizationName={organization.name} />}
            {!isOver && !isEditing && <Button onClick={() => setEditing(true)}>Give other terms</Button>}
          </>
        }
      />
      <Stack gap="lg">
        <SuspendedSubscription found={found} />
        {isEditing && <OverrideForm found={found} onClose={() => setEditing(false)} />}
        <Section title="Terms in force">
          <Facts entries={termFacts(found)} />
        </Section>
        <Section
          title="Terms of its own"
          description="Limits and prices that it has in the place of its plan's. The customer sees them, but not why."
        >
          <Stack gap="md">
            {overrides.length === 0 && (
              <Text size="sm" c="dimmed">
                None: it has what its plan says.
              </Text>
            )}
            {overrides.map((override) => (
              <Override
                key={override.id}
                subscriptionId={id}
                override={override}
                currency={found.presentTerms.currency}
                plannedAt={found.plannedChange?.startsAt}
              />
            ))}
          </Stack>
        </Section>
        {state !== 'canceled' && state !== 'pending_approval' && <SubscriptionCoupon found={found} />}
        <SubscriptionNotes subscriptionId={id} notes={found.notes} />
      </Stack>
    </>
  );
}

function termFacts({ presentTerms, meters, plan, plannedChange, ownTerms }: Details) {
  const { currency, fixedFee, billingInterval, quotas, entitlements } = presentTerms;
  const lists = [
    { label: 'Usage', lines: usageLines(presentTerms, meters), none: 'No charge' },
    { label: 'Rate limit', lines: shortLimitWords(presentTerms), none: 'None' },
    { label: 'Quota', lines: quotas.map((quota) => quotaWords(quota, meters)), none: 'No limit' },
    { label: 'Features', lines: featureLines(entitlements?.features), none: 'None' },
  ];
  return [
    { label: 'Plan', value: `${plan.title}, version ${plan.versionNumber}${ownTerms ? ', for it alone' : ''}` },
    { label: 'Fixed fee', value: `${formatAmount(fixedFee, currency)} a ${billingInterval}` },
    ...lists.map(({ label, lines, none }) => ({
      label,
      value: lines.length === 0 ? none : lines.map((line) => <div key={line}>{line}</div>),
    })),
    ...(plannedChange
      ? [
          {
            label: 'Then',
            value: (
              <>
                {plannedChange.plan.title}, version {plannedChange.plan.versionNumber}, from{' '}
                <DateTime at={plannedChange.startsAt} />
              </>
            ),
          },
        ]
      : []),
  ];
}

interface OverrideProps {
  readonly subscriptionId: string;
  readonly override: SubscriptionOverride;
  readonly currency: string;
  /** When the next change begins; undefined for none. */
  readonly plannedAt: string | undefined;
}

function Override({ subscriptionId, override, currency, plannedAt }: OverrideProps) {
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { startsAt, endsAt, reason, createdAt, differences } = override;
  const isComing = startsAt !== null && endsAt === null && plannedAt === startsAt;
  const isOpen = startsAt !== null && endsAt === null;
  const revoke = useMutation({
    mutationFn: () => revokeOverride(subscriptionId),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['publisher'] });
      setAsking(false);
    },
  });
  return (
    <div>
      <Group justify="space-between" gap="sm" mb="xs" align="flex-start">
        <div>
          <Group gap="xs">
            <Text size="sm" fw={550}>
              {reason}
            </Text>
            {isOpen && (
              <StatusBadge tone={isComing ? 'info' : 'positive'}>{isComing ? 'Planned' : 'In force'}</StatusBadge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {startsAt === null ? (
              <>
                Given <DateTime at={createdAt} format="date" />, taken back before it began
              </>
            ) : (
              <>
                From <DateTime at={startsAt} />
                {endsAt !== null && (
                  <>
                    {' '}
                    until <DateTime at={endsAt} />
                  </>
                )}
              </>
            )}
          </Text>
        </div>
        {isOpen && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Take back
          </Button>
        )}
      </Group>
      <PlanDifferences
        caption={`Terms: ${reason}`}
        differences={differences}
        currency={currency}
        from="Plan"
        to="This subscription"
      />
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Take these terms back?"
        action="Take back"
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate()}
      >
        {isComing
          ? 'They have not begun, and never will.'
          : 'The subscription returns to the terms of its plan when the period that is under way ends.'}
      </ConfirmDialog>
    </div>
  );
}
