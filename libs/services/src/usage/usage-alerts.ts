import { type PlanDefinition, formatMoney, groupThousands, parseDecimal, usageMinor } from '#domain';
import {
  type ListedSubscription,
  type Transaction,
  type UsedPeriod,
  insertUsageAlert,
  lastReportSegment,
  listBillingAddresses,
  listPeriodsInUse,
  listPricedPhases,
  listReportedPeriods,
  listSubscriptionsMatching,
  sumBillableByPhase,
  sumQuotaUsage,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import { emitEvent } from '../webhook/emit-events.js';
import { REPORTS_GATEWAY_ID } from './report-usage.js';

/** A period of a subscription whose usage has grown. */
export type { UsedPeriod };

/** What is told of a quota or money cap, ready to be read. */
export interface UsageAlert {
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  /** "quota monthly" or "spending cap". */
  readonly limitName: string;
  readonly threshold: number;
  readonly used: string;
  readonly limit: string;
}

export interface AlertMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const thresholds = [50, 80, 100] as const;

interface Measure {
  readonly subject: string;
  /** Its name; null for the money cap. */
  readonly quota: string | null;
  readonly limitName: string;
  /** At least how many percent of the limit are used, of the thresholds. */
  readonly reached: readonly number[];
  readonly used: string;
  readonly limit: string;
}

/** The periods that are under way and have usage: what to look at once after a start. */
export function periodsInUse(context: ServiceContext): Promise<UsedPeriod[]> {
  return context.unitOfWork.inSystem((transaction) => listPeriodsInUse(transaction, context.clock.now()));
}

/** What has been reported after one segment of reports, and which is the last. */
export interface ReportedPeriods {
  readonly lastSegment: number;
  readonly periods: readonly UsedPeriod[];
}

/**
 * The periods whose usage was reported after `afterSegment`, whichever process took the reports in: no worker sees them
 * pass. With null none of them, only where to go on from.
 */
export function periodsReportedAfter(context: ServiceContext, afterSegment: number | null): Promise<ReportedPeriods> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const lastSegment = await lastReportSegment(transaction);
    if (afterSegment === null || lastSegment === afterSegment) return { lastSegment, periods: [] };
    const segments = { gatewayId: REPORTS_GATEWAY_ID, after: afterSegment, upTo: lastSegment };
    return { lastSegment, periods: await listReportedPeriods(transaction, segments) };
  });
}

/**
 * Tells by mail that 50, 80 or 100 percent of a quota, hard or soft, or of the money cap are used, as the ledger has it: each
 * threshold once in a period, however often and by however many workers this is called. Returns how many were told.
 */
export function raiseUsageAlerts(
  context: ServiceContext,
  { subscriptionId, periodStart }: UsedPeriod,
  writeMail: (alert: UsageAlert) => AlertMail,
): Promise<number> {
  const at = context.clock.now();
  return context.unitOfWork.inSystem(async (transaction) => {
    const [subscription] = await listSubscriptionsMatching(transaction, { subscriptionId }, at);
    if (!subscription) return 0;
    const organizationId = subscription.organization.id;
    let raised = 0;
    for (const measure of await measuresOf(transaction, subscription, periodStart)) {
      for (const threshold of measure.reached) {
        const row = { organizationId, subscriptionId, periodStart, subject: measure.subject, threshold };
        if (!(await insertUsageAlert(transaction, row, at))) continue;
        raised++;
        const data = { subscriptionId, periodStart: periodStart.toISOString(), threshold };
        await emitEvent(
          context,
          transaction,
          measure.quota === null
            ? { organizationId, type: 'budget.threshold_reached', data }
            : { organizationId, type: 'quota.threshold_reached', data: { ...data, quota: measure.quota } },
        );
        const mail = writeMail(describe(subscription, measure, threshold));
        for (const to of await listBillingAddresses(transaction, organizationId)) {
          await sendMail(context, transaction, { to, ...mail });
        }
      }
    }
    return raised;
  });
}

async function measuresOf(
  transaction: Transaction,
  { id, planVersionId, moneyCapMinor, currency }: ListedSubscription,
  periodStart: Date,
): Promise<Measure[]> {
  const phases = await listPricedPhases(transaction, id);
  const { definition } = phases.findLast((phase) => phase.planVersionId === planVersionId)!;
  const measures = quotaMeasures(definition, await sumQuotaUsage(transaction, id, periodStart));
  if (moneyCapMinor === null || moneyCapMinor === '0') return measures;
  const definitions = new Map(phases.map((phase) => [phase.id, phase.definition]));
  const chargedMinor = usageMinor(definitions, await sumBillableByPhase(transaction, id, periodStart));
  const capMinor = BigInt(moneyCapMinor);
  const cap: Measure = {
    subject: 'money_cap',
    quota: null,
    limitName: 'spending cap',
    reached: thresholds.filter((threshold) => chargedMinor * 100n >= BigInt(threshold) * capMinor),
    used: formatMoney(chargedMinor, currency),
    limit: formatMoney(capMinor, currency),
  };
  return [...measures, cap];
}

function quotaMeasures(
  { quotas }: PlanDefinition,
  usage: readonly { readonly meter: string; readonly quotaQuantity: string }[],
): Measure[] {
  return quotas.map(({ name, meter, limit }): Measure => {
    const used = usage.find((one) => one.meter === meter)?.quotaQuantity ?? '0';
    const percent = parseDecimal(used).times(100).div(limit);
    return {
      subject: `quota:${name}`,
      quota: name,
      limitName: `quota ${name}`,
      reached: thresholds.filter((threshold) => percent.gte(threshold)),
      used: `${groupThousands(used)} ${meter}`,
      limit: `${groupThousands(String(limit))} ${meter}`,
    };
  });
}

function describe(subscription: ListedSubscription, measure: Measure, threshold: number): UsageAlert {
  const { organization, application, product } = subscription;
  const { limitName, used, limit } = measure;
  return {
    organization: organization.name,
    application: application.name,
    product: product.title,
    limitName,
    threshold,
    used,
    limit,
  };
}
