import {
  type BillabilityRowName,
  type DecimalString,
  type MeterBinding,
  NotFoundError,
  type Route,
  billabilityTable,
  compareDecimals,
  defaultMaximums,
  includesOperation,
  multiplyDecimals,
  rateOneMore,
  selectsOperation,
} from '#domain';
import {
  type BoundMeter,
  type CalledApiVersion,
  type ListedSubscription,
  countTestCalls,
  findApplication,
  findCalledApiVersion,
  listBoundMeters,
  listSubscriptionsMatching,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type CurrentUsage, type QuotaUsage, currentUsage } from '../usage/current-usage.js';

const DAY_MS = 86_400_000;
/** Whose answers people ask about; what else may happen to a call is in the table of the plan. */
const ASKED_ABOUT: readonly BillabilityRowName[] = ['success', 'redirect', 'clientError'];

export interface PreviewCallInput {
  readonly organizationId: string;
  readonly applicationId: string;
  /** Slug and name of the version, or `latest`. */
  readonly api: string;
  readonly version: string;
  readonly method: string;
  /** As in the document: "/countries/{code}". */
  readonly template: string;
}

/** What one call counts into a meter, and what that would cost next. */
export interface PreviewedMeter {
  readonly slug: string;
  readonly title: string;
  readonly unit: string;
  readonly units: DecimalString;
  /** The units are the most that a call may count: each call has a number of its own. */
  readonly isMaximum: boolean;
  /** In major units, exact, after what is used so far; null where units alone do not decide it. */
  readonly amount: DecimalString | null;
}

/** What a call costs with a live key. */
export interface CallCost {
  readonly subscriptionId: string;
  readonly product: { readonly slug: string; readonly title: string };
  readonly plan: { readonly slug: string; readonly title: string };
  /** False: its calls are refused, the plan does not have the operation. */
  readonly isIncluded: boolean;
  readonly currency: string;
  readonly meters: readonly PreviewedMeter[];
  /** With which answers a call is billed. */
  readonly billedFor: readonly BillabilityRowName[];
  /** Those that the call takes from. */
  readonly quotas: readonly (QuotaUsage & { readonly unit: string })[];
}

/** What a call means before it is made. */
export interface CallPreview {
  /** The calls of a test key, which are never billed; null when the API is in no product. */
  readonly test: {
    readonly product: { readonly slug: string; readonly title: string };
    /** Calls of the application in a UTC day. */
    readonly limit: number;
    /** Of today, by the ledger, which is some seconds old. */
    readonly used: number;
  } | null;
  /** What the same call costs with a live key; null without an active subscription. */
  readonly live: CallCost | null;
  /** Where one could subscribe. */
  readonly products: readonly { readonly slug: string; readonly title: string }[];
}

/**
 * What a call of an operation would count, cost and take from quotas: with a test key, and with a live key under the plan that
 * pays for it at the gateway. By the function that rates periods, after what the period has used so far.
 * @throws NotFoundError `application_not_found`, `api_version_not_found`, `operation_not_found`
 */
export async function previewCall(context: ServiceContext, input: PreviewCallInput): Promise<CallPreview> {
  const { organizationId, applicationId } = input;
  const at = context.clock.now();
  const found = await context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    if (!(await findApplication(transaction, applicationId))) throw new NotFoundError('application');
    const version = await findCalledApiVersion(transaction, input.api, input.version);
    if (!version) throw new NotFoundError('API version');
    const route = version.routes.find(({ method, template }) => method === input.method && template === input.template);
    if (!route) throw new NotFoundError('operation', `${input.api} has no ${input.method} ${input.template}.`);
    const all = await listSubscriptionsMatching(transaction, { organizationId }, at);
    const own = all
      .filter(({ application, state }) => application.id === applicationId && state === 'active')
      .toReversed();
    const product = productForTest(version, own);
    const since = new Date(at.getTime() - (at.getTime() % DAY_MS));
    const used = product
      ? await countTestCalls(transaction, { organizationId, applicationId, apiProductId: product.id, since })
      : 0;
    const subscription = payingFor(version, own, route);
    const meters = subscription ? await listBoundMeters(transaction, subscription.product.id) : [];
    return { version, route, product, used, subscription, meters };
  });
  const { version, route, product, used, subscription, meters } = found;
  const [usage] = subscription ? await currentUsage(context, { organizationId, subscriptionId: subscription.id }) : [];
  return {
    test: product ? { product: named(product), limit: product.testQuota, used } : null,
    live: subscription && usage ? costOf(subscription, usage, meters, route) : null,
    products: version.products.map(named),
  };
}

/** As the gateway chooses: the product that is subscribed to, else the first of the catalogue. */
function productForTest({ products }: CalledApiVersion, own: readonly ListedSubscription[]) {
  const subscribed = own.find(({ product }) => products.some(({ id }) => id === product.id));
  return products.find(({ id }) => id === subscribed?.product.id) ?? products[0] ?? null;
}

/** As the gateway chooses: the oldest subscription whose plan has the operation; else one that lacks it. */
function payingFor(
  { products }: CalledApiVersion,
  own: readonly ListedSubscription[],
  route: Route,
): ListedSubscription | null {
  const fitting = own.filter(({ product }) => products.some(({ id }) => id === product.id));
  return fitting.find(({ definition }) => includesOperation(definition.entitlements, route)) ?? fitting[0] ?? null;
}

function costOf(
  { id, product, plan, definition, isTrial }: ListedSubscription,
  usage: CurrentUsage,
  meters: readonly BoundMeter[],
  route: Route,
): CallCost {
  const counted = meters.flatMap((meter) => {
    const binding = meter.bindings.find(({ selector }) => selectsOperation(selector, route));
    return binding && compareDecimals(binding.weight, '0') !== 0 ? [{ meter, ...unitsOf(binding) }] : [];
  });
  const usedOf = (slug: string) => usage.meters.find((meter) => meter.slug === slug);
  return {
    subscriptionId: id,
    product: named(product),
    plan: { slug: plan.slug, title: plan.title },
    isIncluded: includesOperation(definition.entitlements, route),
    currency: definition.currency,
    meters: counted.map(({ meter: { slug, title, unit }, units, isMaximum }) => {
      const used = usedOf(slug)?.billableQuantity ?? '0';
      return {
        slug,
        title,
        unit,
        units,
        isMaximum,
        amount: isTrial ? '0' : rateOneMore(definition, slug, { used, units }),
      };
    }),
    billedFor: billabilityTable(definition).flatMap(({ name, billable, operations }) =>
      ASKED_ABOUT.includes(name) &&
      billable &&
      (operations === null || operations.some((selector) => selectsOperation(selector, route)))
        ? [name]
        : [],
    ),
    quotas: counted.flatMap(({ meter: { slug, unit } }) =>
      (usedOf(slug)?.quotas ?? []).map((quota) => ({ ...quota, unit })),
    ),
  };
}

/** What a call counts by its binding; where each has its own number, the most. */
function unitsOf({ weight, value }: MeterBinding): { readonly units: DecimalString; readonly isMaximum: boolean } {
  if (!value) return { units: weight, isMaximum: false };
  const maximum = value.from === 'seconds' ? undefined : value.maximum;
  return { units: maximum ?? multiplyDecimals(defaultMaximums[value.from], weight), isMaximum: true };
}

function named({ slug, title }: { readonly slug: string; readonly title: string }) {
  return { slug, title };
}
