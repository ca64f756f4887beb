import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconLock, IconTagOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { applicationsQuery } from '../../api/applications.js';
import { offersQuery } from '../../api/subscriptions.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { offeredPlan } from '../../subscriptions/offered-plan.js';
import { ChoosePlan } from './choose-plan.js';
import { ConfirmSubscription } from './confirm-subscription.js';

const route = getRouteApi('/dashboard/subscribe');

/** From a plan to a subscription: which plan, for which application, paid how. */
export function SubscribePage(): ReactNode {
  const { plan: planVersionId, application: applicationId, card, code } = route.useSearch();
  const { organization, permissions } = useOrganization().current;
  const products = useQuery(offersQuery(organization.id));
  const applications = useQuery(applicationsQuery(organization.id));
  if (!mayManage(permissions).applications) return <NotForThisRole />;
  const skeleton = <CardsSkeleton cards={1} height={420} />;
  return (
    <Loaded query={products} skeleton={skeleton}>
      {(list) => {
        if (!planVersionId) return <ChoosePlan products={list} applicationId={applicationId} />;
        const offered = offeredPlan(list, planVersionId);
        if (!offered) return <NotOffered />;
        return (
          <Loaded query={applications} skeleton={skeleton}>
            {(owned) => (
              <ConfirmSubscription
                key={planVersionId}
                offered={offered}
                applications={owned}
                chosenId={applicationId}
                cameFromCardPage={card === 'added'}
                givenCode={code}
              />
            )}
          </Loaded>
        );
      }}
    </Loaded>
  );
}

function NotForThisRole() {
  return (
    <>
      <PageHeader title="Choose a plan" />
      <EmptyState icon={IconLock} title="For owners, admins and developers">
        Ask one of them to subscribe. What a plan costs is on the pages of the products, for everybody.
      </EmptyState>
    </>
  );
}

function NotOffered() {
  return (
    <EmptyState
      icon={IconTagOff}
      title="This plan is no longer offered"
      action={<ButtonLink to="/dashboard/subscribe">Choose another plan</ButtonLink>}
    >
      A new version may have taken its place, or the product team has withdrawn it.
    </EmptyState>
  );
}
