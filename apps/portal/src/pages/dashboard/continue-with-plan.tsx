import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { productsQuery } from '../../api/catalog.js';
import type { Application } from '../../api/types.js';
import { ButtonLink } from '../../components/links.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { forgetIntendedPlan, intendedPlan } from '../../subscriptions/intended-plan.js';
import { offeredPlan } from '../../subscriptions/offered-plan.js';

interface ContinueWithPlanProps {
  readonly applications: readonly Application[] | undefined;
}

/** Takes up the plan that someone chose before signing up. */
export function ContinueWithPlan({ applications }: ContinueWithPlanProps) {
  const [planVersionId, setPlanVersionId] = useState(intendedPlan);
  const { data: products } = useQuery(productsQuery);
  const offered = planVersionId && products ? offeredPlan(products, planVersionId) : null;
  const hasSubscription = applications?.some(({ subscriptions }) => subscriptions.length > 0) ?? true;
  const isManager = mayManage(useOrganization().current.permissions).applications;
  if (!planVersionId || !offered || hasSubscription || !isManager) return null;
  const dismiss = () => {
    forgetIntendedPlan();
    setPlanVersionId(null);
  };
  return (
    <Alert>
      <Group justify="space-between">
        <Text size="sm">
          You chose <strong>{offered.plan.title}</strong> of {offered.product.title}.
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="subtle" onClick={dismiss}>
            Not now
          </Button>
          <ButtonLink size="xs" to="/dashboard/subscribe" search={{ plan: planVersionId }}>
            Continue with {offered.plan.title}
          </ButtonLink>
        </Group>
      </Group>
    </Alert>
  );
}
