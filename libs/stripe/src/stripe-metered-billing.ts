import Stripe from 'stripe';
import {
  type EnsureMeteredPriceRequest,
  type EnsureMeteredSubscriptionRequest,
  type MeteredBilling,
  type MeteredPrice,
  type MeteredSubscription,
  type MeteredUsageReport,
  type MeteredUsageSpan,
  PaymentProviderError,
  type UsageError,
  type UsageReportOutcome,
} from '#domain';
import { eventNameOf, productIdOf, stripeAmountsOf } from './metered-price.js';
import { createOnce } from './create-once.js';
import { translatingErrors } from './translate-error.js';

/** Stripe Billing's meters, prices and subscriptions, under names that are made of our ids. */
export class StripeMeteredBilling implements MeteredBilling {
  constructor(private readonly stripe: Stripe) {}

  ensurePrice(request: EnsureMeteredPriceRequest): Promise<MeteredPrice> {
    return translatingErrors(async () => {
      const lookupKey = lookupKeyOf(request);
      const found = await this.findPrice(lookupKey);
      if (found) return found;
      const meter = (await this.findMeter(request)) ?? (await this.createMeter(request));
      const product = await this.ensureProduct(request);
      const parameters: Stripe.PriceCreateParams = {
        ...stripeAmountsOf(request),
        currency: request.currency.toLowerCase(),
        lookup_key: lookupKey,
        metadata: { plan_version_id: request.planVersionId, meter: request.price.meter },
        nickname: request.price.meter,
        product,
        recurring: { interval: 'month', meter: meter.id, usage_type: 'metered' },
      };
      return createOnce<MeteredPrice>({
        key: `price:${lookupKey}`,
        create: async (options) => {
          const price = await this.stripe.prices.create(parameters, options);
          return { providerMeterId: meter.id, providerPriceId: price.id };
        },
        find: async () => (await this.findPrice(lookupKey)) ?? undefined,
      });
    });
  }

  ensureSubscription(request: EnsureMeteredSubscriptionRequest): Promise<MeteredSubscription> {
    return translatingErrors(async () => {
      const subscription = (await this.findSubscription(request)) ?? (await this.createSubscription(request));
      // Only an update can say it. Until then nothing can be finalized: the first period has only begun.
      if (subscription.pause_collection === null && subscription.status !== 'canceled')
        await this.stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'keep_as_draft' } });
      return { providerSubscriptionId: subscription.id, startedMs: subscription.start_date * 1000 };
    });
  }

  setEndsWithPeriod(providerSubscriptionId: string, endsWithPeriod: boolean): Promise<void> {
    return translatingErrors(async () => {
      const { status, cancel_at_period_end: ends } = await this.stripe.subscriptions.retrieve(providerSubscriptionId);
      if (status === 'canceled' || ends === endsWithPeriod) return;
      await this.stripe.subscriptions.update(providerSubscriptionId, { cancel_at_period_end: endsWithPeriod });
    });
  }

  end(providerSubscriptionId: string): Promise<void> {
    return translatingErrors(async () => {
      const { status } = await this.stripe.subscriptions.retrieve(providerSubscriptionId);
      if (status !== 'canceled') await this.stripe.subscriptions.cancel(providerSubscriptionId, { prorate: false });
    });
  }

  reportUsage(report: MeteredUsageReport): Promise<UsageReportOutcome> {
    return translatingErrors(async () => {
      try {
        // Without a key of our own: Stripe would replay a failure for a day, and the identifier does better.
        await this.stripe.billing.meterEvents.create({
          event_name: eventNameOf(report),
          payload: { stripe_customer_id: report.providerCustomerId, value: report.quantity.toString() },
          identifier: report.identifier,
          timestamp: Math.floor(report.atMs / 1000),
        });
        return { outcome: 'counted' };
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
        if (DUPLICATE.test(error.message)) return { outcome: 'counted_before' };
        // Nothing is wrong with the usage, and Stripe takes it once its clock has come so far.
        if (error.code === 'timestamp_in_future')
          throw new PaymentProviderError('The clock of Stripe is behind ours: usage waits for it.', true, {
            cause: error,
          });
        return { outcome: 'refused', code: error.code ?? 'invalid_request', message: error.message };
      }
    });
  }

  readUsageErrors(providerEventId: string): Promise<readonly UsageError[]> {
    return translatingErrors(async () => {
      const event = await this.stripe.v2.core.events.retrieve(providerEventId);
      if (event.type !== 'v1.billing.meter.error_report_triggered' && event.type !== 'v1.billing.meter.no_meter_found')
        return [];
      return event.data.reason.error_types.flatMap(({ code, sample_errors: samples }) =>
        samples.map(({ error_message: message, request: { identifier } }) => ({ identifier, code, message })),
      );
    });
  }

  readUsage({ providerMeterId, providerCustomerId, startMs, endMs }: MeteredUsageSpan): Promise<string> {
    return translatingErrors(async () => {
      let sum = Stripe.Decimal.zero;
      const summaries = this.stripe.billing.meters.listEventSummaries(providerMeterId, {
        customer: providerCustomerId,
        start_time: startMs / 1000,
        end_time: endMs / 1000,
      });
      for await (const { aggregated_value: value } of summaries) sum = sum.add(Stripe.Decimal.from(String(value)));
      return sum.toString();
    });
  }

  private async findPrice(lookupKey: string): Promise<MeteredPrice | null> {
    const { data } = await this.stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 });
    const [price] = data;
    const meter = price?.recurring?.meter;
    return price && meter ? { providerMeterId: meter, providerPriceId: price.id } : null;
  }

  private async findMeter(request: EnsureMeteredPriceRequest): Promise<Stripe.Billing.Meter | undefined> {
    const eventName = nameOf(request);
    for await (const meter of this.stripe.billing.meters.list({ status: 'active', limit: 100 }))
      if (meter.event_name === eventName) return meter;
    return undefined;
  }

  private createMeter(request: EnsureMeteredPriceRequest): Promise<Stripe.Billing.Meter> {
    const eventName = nameOf(request);
    const parameters: Stripe.Billing.MeterCreateParams = {
      display_name: `${request.title}: ${request.price.meter}`.slice(0, 250),
      event_name: eventName,
      default_aggregation: { formula: 'sum' },
    };
    return createOnce({
      key: `meter:${eventName}`,
      create: (options) => this.stripe.billing.meters.create(parameters, options),
      find: () => this.findMeter(request),
    });
  }

  private async ensureProduct({ planVersionId, title }: EnsureMeteredPriceRequest): Promise<string> {
    const id = productIdOf(planVersionId);
    try {
      await this.stripe.products.create(
        { id, name: title.slice(0, 250), metadata: { plan_version_id: planVersionId } },
        { idempotencyKey: `product:${id}` },
      );
    } catch (error) {
      // Made before, when Stripe has forgotten the key or the plan had another title.
      const isThere =
        error instanceof Stripe.errors.StripeIdempotencyError ||
        (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_already_exists');
      if (!isThere) throw error;
    }
    return id;
  }

  private async findSubscription({
    meteredSubscriptionId,
    providerCustomerId,
  }: EnsureMeteredSubscriptionRequest): Promise<Stripe.Subscription | undefined> {
    const list = this.stripe.subscriptions.list({ customer: providerCustomerId, status: 'all', limit: 100 });
    for await (const subscription of list)
      if (subscription.metadata['metered_subscription_id'] === meteredSubscriptionId) return subscription;
    return undefined;
  }

  private createSubscription(request: EnsureMeteredSubscriptionRequest): Promise<Stripe.Subscription> {
    const anchor = new Date(request.anchorMs);
    const parameters: Stripe.SubscriptionCreateParams = {
      customer: request.providerCustomerId,
      items: request.providerPriceIds.map((price) => ({ price })),
      billing_mode: { type: 'flexible' },
      billing_cycle_anchor_config: {
        day_of_month: anchor.getUTCDate(),
        hour: anchor.getUTCHours(),
        minute: anchor.getUTCMinutes(),
        second: anchor.getUTCSeconds(),
      },
      proration_behavior: 'none',
      metadata: { metered_subscription_id: request.meteredSubscriptionId },
    };
    return createOnce({
      key: `sub:${request.meteredSubscriptionId}`,
      create: (options) => this.stripe.subscriptions.create(parameters, options),
      find: () => this.findSubscription(request),
    });
  }
}

/** The only mark of it that Stripe documents is its message. */
const DUPLICATE = /already exists with identifier/i;

function nameOf({ planVersionId, price }: EnsureMeteredPriceRequest): string {
  return eventNameOf({ planVersionId, meter: price.meter });
}

function lookupKeyOf(request: EnsureMeteredPriceRequest): string {
  return nameOf(request);
}
