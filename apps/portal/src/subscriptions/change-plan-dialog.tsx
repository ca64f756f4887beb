import { Button, Group, Radio, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemError } from '../api/problem.js';
import { type ChangeWhen, changePlan, offersQuery, planChangeQuery } from '../api/subscriptions.js';
import type { Plan, PlanChangePreview, Subscription } from '../api/types.js';
import { priceHeadline } from '../catalog/plan-words.js';
import { DateTime } from '../components/date-time.js';
import { Dialog } from '../components/dialog.js';
import { ButtonLink } from '../components/links.js';
import { Loaded } from '../components/loaded.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { RatedLines } from '../invoices/rated-lines.js';
import { taxRows } from '../tax/tax-rows.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { suggestedPlan } from './offered-plan.js';
import { TermsCheckbox } from './terms-checkbox.js';

interface ChangePlanDialogProps {
  readonly subscription: Subscription;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Lets a subscription have another plan of its product, and shows what that costs before it is done. */
export function ChangePlanDialog({ subscription, opened, onClose }: ChangePlanDialogProps) {
  const products = useQuery({ ...offersQuery(useOrganizationId()), enabled: opened });
  return (
    <Dialog opened={opened} onClose={onClose} title={`Change the plan of ${subscription.product.title}`} size="lg">
      <Loaded query={products} skeleton={<LinesSkeleton lines={6} />}>
        {(list) => {
          const product = list.find(({ slug }) => slug === subscription.product.slug);
          const others = (product?.plans ?? []).filter(({ version }) => version.id !== subscription.planVersionId);
          const suggested = suggestedPlan(product?.plans ?? [], subscription);
          if (!suggested) return <Text size="sm">This product has no other plan.</Text>;
          return <ChangeForm subscription={subscription} plans={others} suggested={suggested} onClose={onClose} />;
        }}
      </Loaded>
    </Dialog>
  );
}

interface ChangeFormProps extends Omit<ChangePlanDialogProps, 'opened'> {
  readonly plans: readonly Plan[];
  readonly suggested: Plan;
}

function ChangeForm({ subscription, plans, suggested, onClose }: ChangeFormProps) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const [planVersionId, setPlanVersionId] = useState(suggested.version.id);
  const [when, setWhen] = useState<ChangeWhen | null>(null);
  const { product, terms } = subscription;
  const isAsked = terms !== null && !terms.isAccepted;
  const [acceptedTerms, acceptTerms] = useState<string | null>(null);
  const preview = useQuery(planChangeQuery(organizationId, subscription.id, planVersionId, when));
  const change = useMutation({
    mutationFn: (shown: PlanChangePreview) =>
      changePlan(organizationId, subscription.id, { planVersionId, when: shown.when, acceptedTerms }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['organization', organizationId] });
      onClose();
    },
  });
  const needsCard = change.error instanceof ProblemError && change.error.code === 'payment_method_required';
  const chosen = when ?? preview.data?.when ?? 'now';
  return (
    <Stack>
      <Radio.Group
        label="Plan"
        value={planVersionId}
        onChange={(value) => {
          setPlanVersionId(value);
          setWhen(null);
          change.reset();
        }}
      >
        <Stack gap="xs" mt="xs">
          {plans.map((plan) => (
            <Radio key={plan.id} value={plan.version.id} label={headline(plan)} description={plan.summary} />
          ))}
        </Stack>
      </Radio.Group>
      <SegmentedControl
        aria-label="When it begins"
        value={chosen}
        onChange={(value) => setWhen(value === 'now' ? 'now' : 'period_end')}
        data={[
          { value: 'now', label: 'Now' },
          { value: 'period_end', label: 'With the next period' },
        ]}
      />
      <Loaded query={preview} skeleton={<LinesSkeleton lines={5} />}>
        {(shown) => <PreviewOf shown={shown} />}
      </Loaded>
      {isAsked && (
        <TermsCheckbox
          product={product}
          version={terms.version}
          checked={acceptedTerms === terms.version}
          onChange={(checked) => acceptTerms(checked ? terms.version : null)}
        />
      )}
      {change.isError && (
        <ProblemAlert error={change.error} title={needsCard ? 'A card is needed first' : 'Not changed'} />
      )}
      <Group justify="flex-end">
        {needsCard && (
          <ButtonLink to="/dashboard/billing" variant="default">
            Add a card
          </ButtonLink>
        )}
        <Button variant="default" onClick={onClose}>
          Keep the present plan
        </Button>
        <Button
          loading={change.isPending}
          disabled={!preview.data || preview.isError || (isAsked && acceptedTerms !== terms.version)}
          onClick={() => preview.data && change.mutate(preview.data)}
        >
          {chosen === 'now' ? 'Change now' : 'Change with the next period'}
        </Button>
      </Group>
    </Stack>
  );
}

function PreviewOf({ shown }: { readonly shown: PlanChangePreview }) {
  const { when, startsAt, changed, unchanged, difference } = shown;
  const about = changed.isExact && unchanged.isExact ? '' : 'about ';
  return (
    <div>
      <Text size="sm" mb="xs">
        {when === 'now' ? (
          'Begins now. What you have used of quotas counts on.'
        ) : (
          <>
            Begins <DateTime at={startsAt} />. Until then you can change your mind.
          </>
        )}{' '}
        So far the invoice of the current period says:
      </Text>
      <RatedLines
        caption="The invoice of the current period with the change"
        lines={changed.lines}
        totals={[
          { label: 'Without the change', amount: `${about}${unchanged.total.formatted}` },
          { label: 'The change adds', amount: `${about}${difference.formatted}` },
          ...taxRows(changed, { subtotalLabel: 'Before tax', totalLabel: 'With the change', about }),
        ]}
      />
    </div>
  );
}

/** "Starter: $0.00 a month, plus usage", "Free: no card needed". */
function headline(plan: Plan): string {
  const { amount, per } = priceHeadline(plan);
  return plan.free ? `${plan.title}: ${per}` : `${plan.title}: ${amount} ${per}`;
}
