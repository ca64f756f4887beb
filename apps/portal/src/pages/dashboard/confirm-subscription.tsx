import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { paymentMethodQuery } from '../../api/payment-method.js';
import { paymentTermsQuery } from '../../api/payment-terms.js';
import { ProblemError } from '../../api/problem.js';
import { chargedWords, dueAtStartWords } from '../../catalog/plan-words.js';
import { subscriptionPreviewQuery, trialPreviewQuery } from '../../api/subscriptions.js';
import type { Application, Subscription } from '../../api/types.js';
import { TextLink } from '../../components/links.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { TermsWords } from '../../payment/terms-words.js';
import { useProviderWait } from '../../payment/use-provider-wait.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization, useOrganizationId } from '../../organization/organization-context.js';
import { isSubscribed, type OfferedPlan } from '../../subscriptions/offered-plan.js';
import { newApplicationName } from '../../subscriptions/new-application-name.js';
import { actionLabels, missingWords, nextAction } from '../../subscriptions/subscribe-progress.js';
import { TermsCheckbox } from '../../subscriptions/terms-checkbox.js';
import { ApplicationChoice, type ChosenApplication } from './application-choice.js';
import classes from './confirm-subscription.module.css';
import { CouponStep } from './coupon-step.js';
import { PaymentStep } from './payment-step.js';
import { PlanSummary } from './plan-summary.js';
import { SubscribedPanel } from './subscribed-panel.js';
import { useSubscribe } from './use-subscribe.js';

interface ConfirmSubscriptionProps {
  readonly offered: OfferedPlan;
  readonly applications: readonly Application[];
  readonly chosenId: string | undefined;
  readonly cameFromCardPage: boolean;
  /** A code that was typed before, or came with the link. */
  readonly givenCode: string | undefined;
}

export function ConfirmSubscription(props: ConfirmSubscriptionProps) {
  const { offered, applications, chosenId, cameFromCardPage, givenCode = '' } = props;
  const { product, plan } = offered;
  const [chosen, choose] = useState<ChosenApplication>(() =>
    startingChoice(offered, applications, { chosenId, newName: cameFromCardPage ? newApplicationName() : '' }),
  );
  const [subscribed, setSubscribed] = useState<Subscription | null>(null);
  const [acceptedTerms, acceptTerms] = useState<string | null>(null);
  const [code, setCode] = useState(givenCode);
  const [applied, setApplied] = useState(code.trim());
  const preview = useQuery({
    ...subscriptionPreviewQuery(useOrganizationId(), plan.version.id, applied),
    enabled: applied !== '',
  });
  const isFreeWithCode = applied !== '' && code.trim() === applied && preview.data?.costsNothing === true;
  const isFree = plan.free || isFreeWithCode;
  const waitedTooLong = useProviderWait(cameFromCardPage);
  const paymentMethod = useQuery({
    ...paymentMethodQuery(useOrganizationId()),
    enabled: !plan.free,
    refetchInterval: ({ state }) => (cameFromCardPage && !waitedTooLong && !state.data ? 1000 : false),
  });
  const maySaveCard = mayManage(useOrganization().current.permissions).billing;
  const subscribe = useSubscribe(plan.version.id, { onApplication: choose, onSubscribed: setSubscribed });
  const needsCard = subscribe.error instanceof ProblemError && subscribe.error.code === 'payment_method_required';
  const trial = useQuery({
    ...trialPreviewQuery(useOrganizationId(), plan.version.id),
    enabled: plan.version.definition.trial !== undefined,
  });
  const hadTrial = trial.data?.isAvailable === false;
  const isTrial = plan.version.definition.trial !== undefined && !hadTrial && !needsCard;
  const terms = useQuery({ ...paymentTermsQuery(useOrganizationId()), enabled: !plan.free });
  const transferTerms = terms.data?.method === 'transfer' ? terms.data : null;
  const hasWayToPay = transferTerms !== null || Boolean(paymentMethod.data);
  const hasNewCode = code.trim() !== '' && code.trim() !== applied;
  const progress = { isFree, hasCard: hasWayToPay, cameFromCardPage, waitedTooLong };
  const action = nextAction({ ...progress, isTrial, hasNewCode, maySaveCard });

  if (subscribed) return <SubscribedPanel subscription={subscribed} />;
  const isNameless = chosen.kind === 'new' && chosen.name.trim() === '';
  const isLast = action !== 'add_card' && action !== 'apply_code';
  const missing =
    action === 'apply_code'
      ? null
      : missingWords({ isNameless, isUnaccepted: isLast && acceptedTerms !== product.termsVersion });
  return (
    <>
      <PageHeader
        title={`Subscribe to ${plan.title}`}
        description={`${product.title}: ${product.summary}`}
        above={
          <TextLink to="/dashboard/subscribe" search={chosenId ? { application: chosenId } : {}}>
            All plans
          </TextLink>
        }
      />
      <div className={classes.columns}>
        <form
          className={classes.steps}
          onSubmit={(event) => {
            event.preventDefault();
            if (action === 'apply_code') return setApplied(code.trim());
            const couponCode = code.trim() === '' ? null : code.trim();
            subscribe.mutate({ chosen, addCard: action === 'add_card', acceptedTerms, couponCode });
          }}
        >
          <Section title="Application" description="Whose calls the plan covers.">
            <ApplicationChoice applications={applications} product={product} chosen={chosen} onChoose={choose} />
          </Section>
          {!isFree && (
            <Section title="Payment" description={chargedWords(plan.version.definition)}>
              {transferTerms ? (
                <TermsWords terms={transferTerms} />
              ) : (
                <PaymentStep paymentMethod={paymentMethod} action={action} missed={cameFromCardPage && waitedTooLong} />
              )}
            </Section>
          )}
          {!plan.free && (
            <CouponStep code={code} onChange={setCode} applied={applied} onApply={setApplied} preview={preview} />
          )}
          {product.termsVersion !== null && isLast && (
            <TermsCheckbox
              product={product}
              version={product.termsVersion}
              checked={acceptedTerms === product.termsVersion}
              onChange={(checked) => acceptTerms(checked ? product.termsVersion : null)}
            />
          )}
          {subscribe.isError && (
            <ProblemAlert error={subscribe.error} title={needsCard ? 'A card is needed first' : 'Not subscribed'} />
          )}
          <div>
            <Button
              type="submit"
              size="md"
              loading={subscribe.isPending || subscribe.isSuccess}
              disabled={
                missing !== null ||
                action === 'wait_for_card' ||
                action === 'ask_for_card' ||
                (!isFree && (paymentMethod.isPending || terms.isPending)) ||
                trial.isLoading ||
                preview.isLoading
              }
            >
              {actionLabels[action]}
            </Button>
            {missing !== null && (
              <Text size="sm" mt="xs">
                {missing}
              </Text>
            )}
            {(code.trim() === '' || isFreeWithCode) && (
              <Text size="sm" c="dimmed" mt="xs">
                {costWords({ ...plan, free: isFree }, hadTrial)}
              </Text>
            )}
          </div>
        </form>
        <PlanSummary offered={offered} />
      </div>
    </>
  );
}

function costWords({ free, version }: OfferedPlan['plan'], hadTrial: boolean): string {
  if (free) return 'Costs nothing, now or later.';
  if (hadTrial) {
    const { trial: _had, ...definition } = version.definition;
    const due = dueAtStartWords(definition);
    return `You have had the trial of this product, so the plan begins at once. ${due === null ? 'Nothing is charged today.' : `Charged today, before tax: ${due}.`}`;
  }
  const { definition } = version;
  const due = dueAtStartWords(definition);
  if (due !== null) return `Charged today, before tax: ${due}.`;
  const { trial } = definition;
  return trial ? `Nothing is charged in the first ${trial.days} days.` : 'Nothing is charged today.';
}

/** The application asked for, else the one that was to be made, else the first without this product, else a new one. */
function startingChoice(
  { product }: OfferedPlan,
  applications: readonly Application[],
  { chosenId, newName }: { readonly chosenId: string | undefined; readonly newName: string },
): ChosenApplication {
  const free = applications.filter((application) => !isSubscribed(application, product));
  if (chosenId === undefined && newName !== '') return { kind: 'new', name: newName };
  const application = free.find(({ id }) => id === chosenId) ?? free[0];
  return application ? { kind: 'existing', id: application.id } : { kind: 'new', name: '' };
}
