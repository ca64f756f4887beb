import { type MeterPrice, type PlanDefinition, monthlyPeriodAt } from '#domain';
import { ensureUsagePartitions, insertBillingPeriodIfMissing, insertStagedUsage, stageUsageEvents } from '#persistence';
import type { TestDatabase } from './database.js';
import { aUsageEvent } from './usage-events.js';

/** A plan of 1 USD a month and a cent for each request beyond the first hundred. */
export function aPlanDefinition(overrides: Partial<PlanDefinition> = {}): PlanDefinition {
  return {
    currency: 'USD',
    billingInterval: 'month',
    fixedFee: '1.00',
    prices: [{ meter: 'requests', included: '100', price: { model: 'per_unit', unitAmount: '0.01' } }],
    rateLimits: [],
    quotas: [],
    ...overrides,
  };
}

export const graduatedRequests: MeterPrice = {
  meter: 'requests',
  included: '100',
  price: {
    model: 'graduated',
    tiers: [
      { upTo: '1000', unitAmount: '0.01', flatAmount: '0' },
      { upTo: null, unitAmount: '0.005', flatAmount: '2.5' },
    ],
  },
};

/** Pays whatever is due, as the provider's answers would have it. */
export const PAY_ALL = `INSERT INTO payment (id, organization_id, invoice_id, method, provider_payment_id, attempt, state, amount_minor,
    currency, created_at)
  SELECT gen_random_uuid(), organization_id, id, 'card', 'pi_' || id, 1, 'succeeded', total_minor - balance_applied_minor, currency,
    created_at FROM invoice`;

/** A subscription with all that it hangs on. */
export interface SubscriptionRow {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly credentialId: string;
  readonly apiProductId: string;
  /** Its slug; the plan of the subscription is its plan `pro`. */
  readonly product: string;
  readonly apiVersionId: string;
  readonly planVersionId: string;
  readonly phaseId: string;
  readonly anchorAt: Date;
}

export interface SubscriptionOptions {
  readonly organizationName?: string;
  readonly anchorAt?: Date;
  readonly definition?: PlanDefinition;
}

/** An organization of its own with an application, a key and a subscription to a product of its own; its first period is open. */
export async function aSubscription(
  database: TestDatabase,
  options: SubscriptionOptions = {},
): Promise<SubscriptionRow> {
  const { organizationName = 'Ada Ltd', definition = aPlanDefinition() } = options;
  const anchorAt = options.anchorAt ?? database.clock.now();
  const id = () => database.context.ids.next();
  const slug = (value: string) => `t${value.replaceAll('-', '').slice(-20)}`;
  const apiProductId = id();
  const row: SubscriptionRow = {
    id: id(),
    organizationId: id(),
    applicationId: id(),
    credentialId: id(),
    apiProductId,
    product: slug(apiProductId),
    apiVersionId: id(),
    planVersionId: id(),
    phaseId: id(),
    anchorAt,
  };
  const [teamId, apiId, planId] = [id(), id(), id()];
  const period = monthlyPeriodAt(anchorAt.getTime(), anchorAt.getTime());
  await database.unitOfWork.inSystem(async (transaction) => {
    const insert = (sql: string, ...values: readonly unknown[]) => transaction.query(`INSERT INTO ${sql}`, values);
    await insert(`publisher_team VALUES ($1, $2, 'Sky', $3)`, teamId, slug(teamId), anchorAt);
    await insert(`api VALUES ($1, $2, $3, 'Weather', $4)`, apiId, teamId, slug(apiId), anchorAt);
    await insert(
      `api_version (id, api_id, name, state, position, base_path, document, document_hash, routes, upstream, created_at)
       VALUES ($1, $2, 'v1', 'published', 0, $3, '{}', 'hash', '[]', '{}', $4)`,
      row.apiVersionId,
      apiId,
      `/${slug(apiId)}`,
      anchorAt,
    );
    await insert(
      `api_product VALUES ($1, $2, $3, 'Weather', '', '', 0, 100, $4)`,
      row.apiProductId,
      teamId,
      row.product,
      anchorAt,
    );
    await insert(`meter VALUES ($1, $2, 'requests', 'Requests', 'request', 'sum', '[]')`, id(), row.apiProductId);
    await insert(`plan VALUES ($1, $2, 'pro', 'Pro', '', 0, $3)`, planId, row.apiProductId, anchorAt);
    await insert(
      `plan_version VALUES ($1, $2, 1, 'published', $3, 'hash', $4)`,
      row.planVersionId,
      planId,
      JSON.stringify(definition),
      anchorAt,
    );
    await insert(
      `organization (id, slug, name, billing_email, created_at) VALUES ($1, $2, $3, $4, $5)`,
      row.organizationId,
      slug(row.organizationId),
      organizationName,
      `billing@${slug(row.organizationId)}.test`,
      anchorAt,
    );
    await insert(`application VALUES ($1, $2, 'Default', $3)`, row.applicationId, row.organizationId, anchorAt);
    await insert(
      `credential (id, organization_id, application_id, key_id, mode, name, secret_hash, pepper_id, created_at)
       VALUES ($1, $2, $3, $4, 'live', 'Default', $5, '1', $6)`,
      row.credentialId,
      row.organizationId,
      row.applicationId,
      slug(row.credentialId),
      Buffer.alloc(32),
      anchorAt,
    );
    await insert(
      `subscription VALUES ($1, $2, $3, $4, 'active', $5, $5)`,
      row.id,
      row.organizationId,
      row.applicationId,
      row.apiProductId,
      anchorAt,
    );
    await insert(
      `subscription_phase VALUES ($1, $2, $3, $4, $5)`,
      row.phaseId,
      row.organizationId,
      row.id,
      row.planVersionId,
      anchorAt,
    );
    await insertBillingPeriodIfMissing(transaction, {
      subscriptionId: row.id,
      organizationId: row.organizationId,
      startsAt: new Date(period.startMs),
      endsAt: new Date(period.endMs),
    });
  });
  return row;
}

/** Another plan of the product that the subscription is to, published; returns its version's id. */
export async function aPlanVersion(
  database: TestDatabase,
  { apiProductId }: Pick<SubscriptionRow, 'apiProductId'>,
  definition: PlanDefinition,
): Promise<string> {
  const [planId, versionId] = [database.context.ids.next(), database.context.ids.next()];
  const at = database.clock.now();
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(`INSERT INTO plan VALUES ($1, $2, $3, 'Other', '', 1, $4)`, [
      planId,
      apiProductId,
      `p${planId.slice(-12)}`,
      at,
    ]);
    await transaction.query(`INSERT INTO plan_version VALUES ($1, $2, 1, 'published', $3, 'hash', $4)`, [
      versionId,
      planId,
      JSON.stringify(definition),
      at,
    ]);
  });
  return versionId;
}

export interface UsageOptions {
  readonly at: Date;
  readonly quantity: string;
  readonly meter?: string;
  readonly billable?: boolean;
  readonly operation?: string;
  /** The period that settles it, when it is not its own. */
  readonly settlesIn?: Date;
  readonly phaseId?: string;
  readonly planVersionId?: string;
}

/** Adds usage to the ledger and its rollups, as if a segment had arrived. */
export async function addUsage(
  database: TestDatabase,
  subscription: SubscriptionRow,
  options: UsageOptions,
): Promise<void> {
  const { at, quantity, meter = 'requests', billable = true, operation = 'getNow' } = options;
  const period = monthlyPeriodAt(subscription.anchorAt.getTime(), at.getTime());
  const periodStart = new Date(period.startMs);
  await database.unitOfWork.inSystem(async (transaction) => {
    await insertBillingPeriodIfMissing(transaction, {
      subscriptionId: subscription.id,
      organizationId: subscription.organizationId,
      startsAt: periodStart,
      endsAt: new Date(period.endMs),
    });
    const event = aUsageEvent(subscription, {
      at,
      quantities: { [meter]: quantity },
      billable,
      operation,
      ...(options.phaseId !== undefined && { phaseId: options.phaseId }),
      ...(options.planVersionId !== undefined && { planVersionId: options.planVersionId }),
    });
    await ensureUsagePartitions(transaction, at.getTime(), at.getTime());
    await stageUsageEvents(transaction, { gatewayId: event.gatewayId, epoch: 1, segment: 1 }, [
      { event, settlesInMs: (options.settlesIn ?? periodStart).getTime() },
    ]);
    await insertStagedUsage(transaction);
  });
}

export interface GatewayRow {
  readonly id: string;
  readonly state?: 'running' | 'stopped';
  readonly admittedThrough: Date;
  readonly sealedSegment?: number;
  readonly acknowledgedSegment?: number;
}

/** A gateway that has reported how far it is, and the segments of it that the ledger has. */
export async function aGateway(database: TestDatabase, gateway: GatewayRow): Promise<void> {
  const { id, state = 'running', admittedThrough, sealedSegment = 0, acknowledgedSegment = sealedSegment } = gateway;
  await database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(
      `INSERT INTO gateway (id, epoch, state, started_at, heartbeat_at, admitted_through, sealed_segment, snapshot_number)
       VALUES ($1, 1, $2, $3, $3, $3, $4, 0)
       ON CONFLICT (id) DO UPDATE SET state = $2, heartbeat_at = $3, admitted_through = $3, sealed_segment = $4`,
      [id, state, admittedThrough, sealedSegment],
    );
    await transaction.query(
      `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal,
         attempt, acknowledged_at)
       SELECT $1, 1, segment, 0, '{}', '', '', '', 1, $3 FROM generate_series(1, $2::bigint) segment
       ON CONFLICT DO NOTHING`,
      [id, acknowledgedSegment, admittedThrough],
    );
  });
}
