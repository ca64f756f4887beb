import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconGauge } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CurrentUsage } from '../../api/types.js';
import { currentUsageQuery } from '../../api/usage.js';
import { ALERT_PERCENTS, alertWords, capView, spentMinor } from '../../budget/budget.js';
import { CapBar } from '../../budget/cap-bar.js';
import { EmptyState } from '../../components/empty-state.js';
import { Facts } from '../../components/facts.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { formatPeriod } from '../../format/date.js';
import { formatMinor } from '../../format/money.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { MoneyCap } from '../../subscriptions/money-cap.js';
import { quotaPercent } from '../../usage/quota.js';
import { ChoosePlanLink } from '../../subscriptions/choose-plan-link.js';

/** What each subscription may cost, what it costs so far, and who is told before it is too much. */
export function BudgetPage(): ReactNode {
  const usage = useQuery({ ...currentUsageQuery(useOrganizationId()), refetchInterval: 5000 });
  return (
    <>
      <PageHeader
        title="Budget"
        above={<TextLink to="/dashboard/billing">Billing</TextLink>}
        description="What usage may cost in a period, what it costs so far, and when you are told."
      />
      <Loaded query={usage} skeleton={<CardsSkeleton cards={1} height={320} />}>
        {(subscriptions) => (
          <Stack gap="lg">
            {subscriptions.length === 0 ? (
              <Section title="Spending">
                <EmptyState icon={IconGauge} title="Nothing is spent" action={<ChoosePlanLink />}>
                  Once an application has a plan, you can set a cap here and see how near it is.
                </EmptyState>
              </Section>
            ) : (
              subscriptions.map((one) => <SubscriptionBudget key={one.subscription.id} usage={one} />)
            )}
            <Alerts />
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function SubscriptionBudget({ usage }: { readonly usage: CurrentUsage }) {
  const { subscription, lines, total, estimateIsExact, meters } = usage;
  const { application, product, plan, currentPeriod, currency } = subscription;
  const cap = capView(usage);
  const quotas = meters.flatMap(({ quotas: own, title }) =>
    own.map((quota) => ({
      ...quota,
      label: `Quota of ${title.toLowerCase()}${own.length > 1 ? `: ${quota.name}` : ''}`,
    })),
  );
  return (
    <Section
      title={`${product.title} ${plan.title}`}
      description={`${application.name} · current period ${formatPeriod(new Date(currentPeriod.start), new Date(currentPeriod.end))} (UTC)`}
    >
      <Stack gap="lg">
        {cap && <CapBar cap={cap} />}
        <Facts
          entries={[
            { label: 'Usage so far', value: formatMinor(spentMinor(lines), currency) },
            { label: 'Bill so far, with fees and tax', value: `${estimateIsExact ? '' : 'about '}${total.formatted}` },
            ...quotas.map((quota) => ({
              label: quota.label,
              value: `${Math.floor(quotaPercent(quota))}% used. ${alertWords(quotaPercent(quota))}.`,
            })),
          ]}
        />
      </Stack>
      <MoneyCap subscription={subscription} />
    </Section>
  );
}

function Alerts() {
  const percents = `${ALERT_PERCENTS.slice(0, -1).join(', ')} and ${ALERT_PERCENTS.at(-1)}`;
  return (
    <Section title="Alerts">
      <Text size="sm">
        At {percents} percent of a cap or a quota a mail goes to the billing address, else to the owners: each once in a
        period.{' '}
        <TextLink to="/dashboard/webhooks" size="sm" underline="always">
          Webhooks
        </TextLink>{' '}
        can be told as well, by the events <span className="mono">budget.threshold_reached</span> and{' '}
        <span className="mono">quota.threshold_reached</span>.
      </Text>
    </Section>
  );
}
