import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  couponPreviewQuery,
  entitlementsQuery,
  reactivateSubscription,
  redeemCoupon,
  subscriptionsQuery,
} from '../../api/subscriptions.js';
import type { Meter, Subscription, SubscriptionEntitlements } from '../../api/types.js';
import { currentUsageQuery } from '../../api/usage.js';
import { featureLines } from '../../catalog/feature-words.js';
import { IncludedOperations } from '../../catalog/included-operations.js';
import { PlanDifferences } from '../../catalog/plan-differences.js';
import { quotaWords, shortLimitWords } from '../../catalog/plan-words.js';
import { useMeters } from '../../catalog/use-meters.js';
import { couponInForceWords } from '../../catalog/coupon-words.js';
import { DateTime } from '../../components/date-time.js';
import { Facts } from '../../components/facts.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { formatPeriod } from '../../format/date.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { CancelDialog } from '../../subscriptions/cancel-dialog.js';
import { ChangedTerms } from '../../subscriptions/changed-terms.js';
import { ChangePlanDialog } from '../../subscriptions/change-plan-dialog.js';
import { CouponDialog } from '../../subscriptions/coupon-dialog.js';
import { PlannedChange } from '../../subscriptions/planned-change.js';
import { PriceRiseNotice } from '../../subscriptions/price-rise-notice.js';
import { ScheduledEnd } from '../../subscriptions/scheduled-end.js';
import { StateBadge } from '../../subscriptions/state-badge.js';
import { useOrganizationAction } from '../../subscriptions/use-organization-action.js';
import { Estimates } from './estimates.js';
import { SubscriptionCredits } from './subscription-credits.js';
import { QuotaList, QuotaListSkeleton } from './quota-list.js';

const route = getRouteApi('/dashboard/subscriptions/$subscriptionId');

export function SubscriptionPage(): ReactNode {
  const { subscriptionId } = route.useParams();
  const { organization } = useOrganization().current;
  const subscriptions = useQuery({ ...subscriptionsQuery(organization.id), refetchInterval: 10_000 });
  return (
    <Loaded query={subscriptions} skeleton={<CardsSkeleton cards={1} height={420} />}>
      {(all) => {
        const subscription = all.find(({ id }) => id === subscriptionId);
        return subscription ? <SubscriptionDetails subscription={subscription} /> : <NotFoundPage />;
      }}
    </Loaded>
  );
}

function SubscriptionDetails({ subscription }: { readonly subscription: Subscription }) {
  const { organization, permissions } = useOrganization().current;
  const usage = useQuery({
    ...currentUsageQuery(organization.id),
    refetchInterval: 5000,
    select: (all) => all.filter((one) => one.subscription.id === subscription.id),
  });
  const [isCanceling, cancelDialog] = useDisclosure(false);
  const [isChanging, changeDialog] = useDisclosure(false);
  const [isRedeeming, couponDialog] = useDisclosure(false);
  const { application, product, plan, state } = subscription;
  const entitlements = useQuery(entitlementsQuery(organization.id, subscription.id));
  const meterOf = useMeters();
  const meters = subscription.limits.quotas.flatMap(({ meter }) => meterOf(meter) ?? []);
  const isManager = mayManage(permissions).applications;
  const isOver = state === 'canceled';
  const isWaiting = state === 'pending_approval';
  return (
    <>
      <PageHeader
        title={`${product.title} ${plan.title}`}
        badge={<StateBadge state={state} isOrganizationSuspended={organization.suspendedAt !== null} />}
        above={
          <TextLink to="/dashboard/applications/$applicationId" params={{ applicationId: application.id }}>
            {application.name}
          </TextLink>
        }
        description={
          <>
            Since <DateTime at={subscription.createdAt} format="date" /> ·{' '}
            <span className="mono">{subscription.id}</span>
          </>
        }
        actions={
          isManager &&
          !isOver && (
            <>
              <Button variant="default" onClick={cancelDialog.open}>
                Cancel subscription
              </Button>
              {subscription.cancelAt === null && !isWaiting && <Button onClick={changeDialog.open}>Change plan</Button>}
            </>
          )
        }
      />
      <Stack gap="lg">
        <ScheduledEnd subscription={subscription} mayManage={isManager} />
        {!isOver && <PlannedChange subscription={subscription} mayManage={isManager} />}
        {!isOver && !isWaiting && (
          <PriceRiseNotice subscription={subscription} maySaveCard={mayManage(permissions).billing} />
        )}
        {!isOver && !isWaiting && <ChangedTerms subscription={subscription} mayManage={isManager} />}
        {state === 'suspended' && <Suspended subscription={subscription} mayManage={isManager} />}
        {isWaiting && (
          <Alert color="yellow" title="Waiting for approval">
            <Text size="sm">The product team looks at it. Calls are refused until then, and nothing is charged.</Text>
          </Alert>
        )}
        {isOver && <Ended subscription={subscription} maySubscribe={isManager} />}
        <Section
          title="Plan"
          actions={
            isManager &&
            !isOver &&
            !isWaiting &&
            subscription.coupon === null && (
              <Button variant="default" size="xs" onClick={couponDialog.open}>
                Enter a code
              </Button>
            )
          }
        >
          <Facts
            entries={[
              ...planFacts(subscription),
              ...limitFacts(subscription, meters),
              ...(entitlements.data && !isOver ? entitlementFacts(entitlements.data) : []),
            ]}
          />
        </Section>
        {!isOver && subscription.ownTerms && (
          <Section
            title="Your terms"
            description="What the product team has agreed with you in the place of what the plan says."
          >
            <PlanDifferences
              caption="Your terms"
              differences={subscription.ownTerms}
              currency={subscription.currency}
              from="Plan"
              to="Yours"
            />
          </Section>
        )}
        {!isOver && !isWaiting && (
          <>
            <Section title="Quotas" description="Of the current period">
              <Loaded query={usage} skeleton={<QuotaListSkeleton quotas={subscription.limits.quotas.length} />}>
                {(own) => <QuotaList subscriptions={own} />}
              </Loaded>
            </Section>
            <SubscriptionCredits currency={subscription.currency} />
            <Estimates usage={usage} />
          </>
        )}
      </Stack>
      <CancelDialog subscription={subscription} opened={isCanceling} onClose={cancelDialog.close} />
      <ChangePlanDialog subscription={subscription} opened={isChanging} onClose={changeDialog.close} />
      <CouponDialog
        opened={isRedeeming}
        onClose={couponDialog.close}
        queryKey={['organization', organization.id]}
        preview={(code) => couponPreviewQuery(organization.id, subscription.id, code)}
        redeem={(code) => redeemCoupon(organization.id, subscription.id, code)}
      />
    </>
  );
}

function planFacts(subscription: Subscription) {
  const { plan, product, terms, state, canceledAt, currentPeriod, moneyCap, trialEndsAt, coupon } = subscription;
  return [
    { label: 'Plan', value: `${plan.title}, version ${plan.versionNumber}` },
    ...(terms?.isAccepted
      ? [
          {
            label: 'Terms',
            value: (
              <TextLink key="terms" to="/products/$slug/terms" params={{ slug: product.slug }}>
                Version {terms.version}, accepted
              </TextLink>
            ),
          },
        ]
      : []),
    ...(state === 'canceled'
      ? [{ label: 'Ended', value: canceledAt ? <DateTime at={canceledAt} /> : 'Just now' }]
      : [
          {
            label: 'Current period (UTC)',
            value: formatPeriod(new Date(currentPeriod.start), new Date(currentPeriod.end)),
          },
          ...(trialEndsAt === null ? [] : [{ label: 'Trial until', value: <DateTime key="trial" at={trialEndsAt} /> }]),
          ...(coupon === null ? [] : [{ label: 'Coupon', value: `${coupon.title}: ${couponInForceWords(coupon)}` }]),
          { label: 'Spending cap', value: moneyCap ? moneyCap.formatted : 'None' },
        ]),
  ];
}

/** What its calls are held to; nothing of what has ended. */
function limitFacts({ limits, state }: Subscription, meters: readonly Meter[]) {
  if (state === 'canceled') return [];
  return [
    { label: 'Rate limit', lines: shortLimitWords(limits), none: 'None' },
    { label: 'Quota', lines: limits.quotas.map((quota) => quotaWords(quota, meters)), none: 'No limit' },
  ].map(({ label, lines, none }) => ({
    label,
    value: lines.length === 0 ? none : lines.map((line) => <div key={line}>{line}</div>),
  }));
}

const suspensionWords: Readonly<Record<Subscription['suspendedFor'][number], string>> = {
  operator: 'The operator of this portal has suspended the subscription: ask there.',
  publisher: 'The team of this product has suspended the subscription: the audit log has its reason; ask there.',
  payment: 'The subscription is suspended until what is owed is paid.',
  trial_ended: 'The trial has ended, and no card was saved.',
};

/** The operations where the plan lacks some, and the features that it has. */
function entitlementFacts({ operations, features }: SubscriptionEntitlements) {
  const included = operations.filter((one) => one.included);
  const shown = included.map(({ path, version, operation, ...one }) => ({
    ...one,
    operation: `${version} ${operation}`,
    template: path,
  }));
  const lines = featureLines(features);
  return [
    ...(included.length === operations.length
      ? []
      : [
          {
            label: 'Operations',
            value: <IncludedOperations operations={{ total: operations.length, included: shown }} />,
          },
        ]),
    ...(lines.length === 0 ? [] : [{ label: 'Features', value: lines.map((line) => <div key={line}>{line}</div>) }]),
  ];
}

interface SuspendedProps {
  readonly subscription: Subscription;
  readonly mayManage: boolean;
}

/** A trial that ended without a card goes on here; whoever owes something finds it on the billing page. */
function Suspended({ subscription: { id, suspendedFor }, mayManage }: SuspendedProps) {
  const isTrialOver = suspendedFor.includes('trial_ended');
  const resume = useOrganizationAction((organizationId) => reactivateSubscription(organizationId, id));
  return (
    <Alert color="red" title="Calls are refused">
      <Text size="sm" mb="sm">
        {suspendedFor.map((reason) => suspensionWords[reason]).join(' ')} The keys are kept.
      </Text>
      {suspendedFor.some((reason) => reason === 'payment' || reason === 'trial_ended') && (
        <Group gap="sm">
          <ButtonLink to="/dashboard/billing" variant="default" size="xs">
            Open billing
          </ButtonLink>
          {isTrialOver && mayManage && (
            <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate()}>
              Go on with the plan
            </Button>
          )}
        </Group>
      )}
      {resume.isError && <ProblemAlert error={resume.error} />}
    </Alert>
  );
}

interface EndedProps {
  readonly subscription: Subscription;
  readonly maySubscribe: boolean;
}

function Ended({ subscription: { application }, maySubscribe }: EndedProps) {
  return (
    <Alert color="gray" title="This subscription has ended">
      <Text size="sm" mb={maySubscribe ? 'sm' : 0}>
        Its calls are refused. What was used until the end is on the last invoice.
      </Text>
      {maySubscribe && (
        <ButtonLink to="/dashboard/subscribe" search={{ application: application.id }} variant="default" size="xs">
          Subscribe again
        </ButtonLink>
      )}
    </Alert>
  );
}
