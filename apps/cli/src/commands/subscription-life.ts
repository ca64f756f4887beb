import { type CancelWhen, type ChangeWhen, formatMinor, taxLabel } from '#domain';
import { subscriptionApprovedMail, subscriptionRefusedMail } from '#mail';
import {
  type EstimatedPeriod,
  type ServiceContext,
  type SubscriptionOverview,
  approveSubscription,
  cancelSubscription,
  changePlan,
  findSubscription,
  keepPlan,
  offerNamed,
  previewCancellation,
  previewPlanChange,
  reactivateSubscription,
  refuseSubscription,
} from '#services';
import { parseOptions, planNamed, required, subscriptionId } from '../arguments.js';
import { differenceLines } from '../differences.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate subscription show`: what it is and what comes next. */
export function subscriptionShow(words: readonly string[]): Promise<number> {
  return act(words, async (context, id) => findSubscription(context, id));
}

/** `tollgate subscription approve`: lets a subscription begin that waits for approval. */
export async function subscriptionApprove([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const { json } = parseOptions(rest, { json: { type: 'boolean' } });
  const approved = await withSession(({ context, settings }) =>
    approveSubscription(context, {
      subscriptionId: id,
      publisherUserId: null,
      actor: CLI_ACTOR,
      writeMail: (notice) =>
        subscriptionApprovedMail({
          ...notice,
          url: new URL(`/dashboard/subscriptions/${id}`, settings.PORTAL_URL).href,
        }),
    }),
  );
  return show(approved, json);
}

/** `tollgate subscription refuse`: refuses one that waits, for good. */
export async function subscriptionRefuse([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const { reason = null, json } = parseOptions(rest, { reason: { type: 'string' }, json: { type: 'boolean' } });
  const refused = await withSession(({ context, settings }) =>
    refuseSubscription(context, {
      subscriptionId: id,
      publisherUserId: null,
      reason,
      actor: CLI_ACTOR,
      writeMail: (notice) =>
        subscriptionRefusedMail({
          ...notice,
          url: new URL(`/dashboard/subscriptions/${id}`, settings.PORTAL_URL).href,
        }),
    }),
  );
  return show(refused, json);
}

/** `tollgate subscription cancel`: with its period, or at once; `--preview` only says what that would do. */
export async function subscriptionCancel([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const options = parseOptions(rest, {
    now: { type: 'boolean' },
    preview: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const when: CancelWhen = options.now ? 'now' : 'period_end';
  return withSession(async ({ context }) => {
    const which = await located(context, id);
    if (!options.preview)
      return show(await cancelSubscription(context, { ...which, when, actor: CLI_ACTOR }), options.json);
    const preview = await previewCancellation(context, { ...which, when });
    if (options.json) await printJson(preview);
    else {
      await print(`Would be canceled at ${preview.canceledAt.toISOString()}.\n`);
      await print(invoiceSoFar('Its period so far:', preview, preview.currency));
    }
    return EXIT.ok;
  });
}

/** `tollgate subscription reactivate`: takes a cancellation back that has not taken effect. */
export function subscriptionReactivate(words: readonly string[]): Promise<number> {
  return act(words, async (context, id) =>
    reactivateSubscription(context, { ...(await located(context, id)), paymentProvider: null, actor: CLI_ACTOR }),
  );
}

/** `tollgate subscription change`: another plan of its product; `--preview` only says what that would do. */
export async function subscriptionChange([word, ...rest]: readonly string[]): Promise<number> {
  const id = subscriptionId(word);
  const options = parseOptions(rest, {
    plan: { type: 'string' },
    now: { type: 'boolean' },
    'period-end': { type: 'boolean' },
    preview: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const plan = planNamed(required(options.plan, '--plan PRODUCT/PLAN'), '--plan');
  if (options.now && options['period-end'])
    throw new UsageError('--now and --period-end: a change has one instant, choose one');
  const when: ChangeWhen | undefined = options.now ? 'now' : options['period-end'] ? 'period_end' : undefined;
  return withSession(async ({ context }) => {
    const { planVersionId } = await offerNamed(context, plan);
    const which = { ...(await located(context, id)), planVersionId, when, actor: CLI_ACTOR };
    if (!options.preview) return show(await changePlan(context, { ...which, paymentProvider: null }), options.json);
    const preview = await previewPlanChange(context, which);
    if (options.json) await printJson(preview);
    else {
      await print(`Would change at ${preview.startsAt.toISOString()}.\n`);
      await print(invoiceSoFar('Its period so far, as it is:', preview.unchanged, preview.currency));
      await print(invoiceSoFar('With the change:', preview, preview.currency));
    }
    return EXIT.ok;
  });
}

/** `tollgate subscription keep`: takes a change of plan back that has not taken effect. */
export function subscriptionKeep(words: readonly string[]): Promise<number> {
  return act(words, async (context, id) => keepPlan(context, { ...(await located(context, id)), actor: CLI_ACTOR }));
}

/** What a command does that needs nothing but the id. */
async function act(
  [word, ...rest]: readonly string[],
  work: (context: ServiceContext, id: string) => Promise<SubscriptionOverview>,
): Promise<number> {
  const id = subscriptionId(word);
  const { json } = parseOptions(rest, { json: { type: 'boolean' } });
  return show(await withSession(({ context }) => work(context, id)), json);
}

async function located(context: ServiceContext, id: string) {
  const { organization } = await findSubscription(context, id);
  return { organizationId: organization.id, subscriptionId: id };
}

/** Prints a subscription, for people or as JSON. */
export async function show(subscription: SubscriptionOverview, json: boolean | undefined): Promise<number> {
  if (json) await printJson(subscription);
  else await print(describe(subscription));
  return EXIT.ok;
}

function describe({ currentPeriod, plannedChange, ...subscription }: SubscriptionOverview): string {
  const { id, organization, application, product, plan, status, trialEndsAt, cancelAt, canceledAt, ownTerms } =
    subscription;
  const facts: readonly (readonly [string, string | null])[] = [
    ['subscription', id],
    ['organization', organization.name],
    ['application', application.name],
    ['plan', `${product.slug}/${plan.slug}, version ${plan.versionNumber}`],
    ['own terms', ownTerms && differenceLines(ownTerms).trim()],
    ['state', status],
    ['period', `${currentPeriod.start.toISOString()} to ${currentPeriod.end.toISOString()}`],
    ['trial ends', trialEndsAt && trialEndsAt.toISOString()],
    [
      'then',
      plannedChange &&
        `${product.slug}/${plannedChange.plan.slug}, version ${plannedChange.plan.versionNumber}, from ${plannedChange.startsAt.toISOString()}`,
    ],
    ['ends', cancelAt && cancelAt.toISOString()],
    ['canceled', canceledAt && canceledAt.toISOString()],
  ];
  return facts.map(([name, value]) => (value === null ? '' : `${name.padEnd(13)} ${value}\n`)).join('');
}

/** The invoice of a period as it is so far, a line each. */
export function invoiceSoFar(title: string, { rated, taxed, isExact }: EstimatedPeriod, currency: string): string {
  const row = (amountMinor: bigint, text: string) => `  ${formatMinor(amountMinor, currency).padStart(14)}  ${text}`;
  const lines = (rated?.lines ?? []).map(({ description, amountMinor }) => row(amountMinor, description));
  const taxes = (taxed?.taxes ?? [])
    .filter(({ taxMinor }) => taxMinor > 0n)
    .map((tax) => row(tax.taxMinor, taxLabel(tax)));
  const totalMinor = (rated?.subtotalMinor ?? 0n) + (taxed?.taxMinor ?? 0n);
  const later = taxed && taxed.taxes.length === 0 && taxed.treatment.source ? ', plus tax, computed by Stripe' : '';
  const total = row(totalMinor, `${currency}${isExact ? '' : ', about'}${later}`);
  const toBalanceMinor = (rated?.excessCreditMinor ?? 0n) + (taxed?.excessTaxMinor ?? 0n);
  const toBalance = toBalanceMinor > 0n ? [row(toBalanceMinor, `${currency} to the balance, with tax`)] : [];
  return `${[title, ...lines, ...taxes, total, ...toBalance].join('\n')}\n`;
}
