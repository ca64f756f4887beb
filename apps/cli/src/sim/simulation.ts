import { randomBytes } from 'node:crypto';
import { type FixedClock, type Pepper, type UsageEvent, ConflictError, NotFoundError } from '#domain';
import {
  type ServiceContext,
  cancelSubscription,
  changePlan,
  closeDuePeriods,
  createApplication,
  createOrganization,
  findProduct,
  issueCredential,
  keepPlan,
  reactivateSubscription,
  settleEndingTrials,
  subscribe,
} from '#services';
import type { CustomerStep, Scenario, SimulatedCustomer } from './scenario.js';
import type { SimulatedPayments } from './simulated-payments.js';
import { type TimelineEntry, endOf, timelineOf } from './timeline.js';
import { type Caller, UsageWriter } from './usage-writer.js';

type CatalogPlan = Awaited<ReturnType<typeof findProduct>>['plans'][number];

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const actor = { kind: 'cli', id: null } as const;

export interface SimulationInput {
  readonly scenario: Scenario;
  /** Stands at the start of the scenario or before, and is that of the context. */
  readonly clock: FixedClock;
  /** Null when invoices are issued and not collected. */
  readonly payments: SimulatedPayments | null;
  /** Called after each look of the worker at what is due. */
  readonly onDay?: (at: Date) => void;
}

/**
 * Runs a scenario to its end, and then until its last periods are closed: what customers do and use comes in order, by the
 * services that the portal, the gateway and the worker call, and every so many days what is due is done. The catalogue is there.
 */
export async function simulate(context: ServiceContext, input: SimulationInput): Promise<void> {
  const simulation = new Simulation(context, input);
  await simulation.run();
}

class Simulation {
  private readonly usage: UsageWriter;
  private readonly callers = new Map<string, Caller>();
  private late: { readonly atMs: number; readonly event: UsageEvent }[] = [];
  private readonly peppers: Pepper[] = [{ id: '1', secret: randomBytes(32) }];

  constructor(
    private readonly context: ServiceContext,
    private readonly input: SimulationInput,
  ) {
    this.usage = new UsageWriter(context);
  }

  async run(): Promise<void> {
    const { scenario, clock } = this.input;
    const endMs = endOf(scenario);
    const timeline = timelineOf(scenario);
    let next = 0;
    for (let dayMs = scenario.start.getTime(); ; dayMs = Math.min(dayMs + scenario.workEveryDays * DAY_MS, endMs)) {
      for (; next < timeline.length && timeline[next]!.atMs < dayMs; next++) {
        clock.moveTo(Math.max(timeline[next]!.atMs, clock.nowMs()));
        await this.happen(timeline[next]!);
      }
      clock.moveTo(dayMs);
      await this.endDay();
      if (dayMs === endMs) break;
    }
    // What ended with the scenario is closed once its usage may not come any more.
    clock.moveTo(endMs + HOUR_MS);
    await this.endDay();
  }

  /** What the worker does all the time. */
  private async endDay(): Promise<void> {
    const nowMs = this.context.clock.nowMs();
    for (const { event } of this.late.filter(({ atMs }) => atMs <= nowMs)) this.usage.add(event);
    this.late = this.late.filter(({ atMs }) => atMs > nowMs);
    await this.usage.ship();
    if (this.input.payments) await settleEndingTrials(this.context, this.input.payments.provider);
    for (;;) {
      const { closed, held } = await closeDuePeriods(this.context, { graceMs: HOUR_MS });
      if (held.length > 0) throw new Error(`A period was held: ${held[0]!.reason}`, { cause: held[0]!.cause });
      if (closed.length === 0) break;
    }
    await this.input.payments?.settle();
    this.input.onDay?.(this.context.clock.now());
  }

  private async happen({ customer, happening }: TimelineEntry): Promise<void> {
    if (happening.kind === 'sign_up') return this.signUp(customer);
    if (happening.kind === 'step') return this.take(customer, happening.step);
    const event = await this.usage.admit(this.callerOf(customer), happening.units);
    if (event) this.usage.add(event);
  }

  private async signUp(customer: SimulatedCustomer): Promise<void> {
    const { payments } = this.input;
    const [productSlug] = customer.plan.split('/') as [string];
    const product = await findProduct(this.context, productSlug);
    const { version } = await this.offer(customer.plan);
    const apiVersion = product.apis.flatMap(({ versions }) => versions).at(0);
    if (!apiVersion)
      throw new ConflictError('product_without_api', `The product ${productSlug} has no version of an API: add one.`);
    const { name } = customer;
    const billingEmail = 'billing@customer.test';
    const organization = await createOrganization(this.context, { name, ownerUserId: null, billingEmail, actor });
    const organizationId = organization.id;
    if (customer.card !== 'none') await payments?.saveCard(organizationId, customer.card);
    const application = await createApplication(this.context, { organizationId, name: 'Default', actor });
    // Without a card and without a trial, it is one who pays in another way.
    const asksForCard = customer.card !== 'none' || version.definition.trial !== undefined;
    const { id: subscriptionId } = await subscribe(this.context, {
      organizationId,
      applicationId: application.id,
      planVersionId: version.id,
      paymentProvider: (asksForCard && payments?.provider) || null,
      actor,
    });
    const { credential } = await issueCredential(this.context, {
      organizationId,
      applicationId: application.id,
      name: 'Default',
      mode: 'live',
      expiresAt: null,
      restrictions: {},
      peppers: this.peppers,
      actor,
    });
    this.callers.set(customer.name, {
      organizationId,
      applicationId: application.id,
      credentialId: credential.id,
      subscriptionId,
      apiProductId: product.id,
      apiVersionId: apiVersion.id,
      anchorMs: this.context.clock.nowMs(),
    });
  }

  private async take(customer: SimulatedCustomer, step: CustomerStep): Promise<void> {
    const caller = this.callerOf(customer);
    const { organizationId, subscriptionId } = caller;
    if (step.card) await this.input.payments?.saveCard(organizationId, step.card);
    if (step.cancel)
      await cancelSubscription(this.context, { organizationId, subscriptionId, when: step.cancel, actor });
    if (step.change) await this.change(caller, step.change, step.when);
    if (step.keepPlan) await keepPlan(this.context, { organizationId, subscriptionId, actor });
    if (step.reactivate) await this.reactivate(caller);
    if (step.use) {
      const event = await this.usage.admit(caller, step.use);
      if (!event) return;
      if (step.arrives) this.late.push({ atMs: step.arrives.getTime(), event });
      else this.usage.add(event);
    }
  }

  private async reactivate({ organizationId, subscriptionId }: Caller): Promise<void> {
    const paymentProvider = this.input.payments?.provider ?? null;
    await reactivateSubscription(this.context, { organizationId, subscriptionId, paymentProvider, actor });
  }

  private async change(caller: Caller, plan: string, when: CustomerStep['when']): Promise<void> {
    const { version } = await this.offer(plan);
    const { organizationId, subscriptionId } = caller;
    const planVersionId = version.id;
    const paymentProvider = this.input.payments?.provider ?? null;
    await changePlan(this.context, { organizationId, subscriptionId, planVersionId, when, paymentProvider, actor });
  }

  private async offer(plan: string): Promise<CatalogPlan> {
    const [productSlug, planSlug] = plan.split('/') as [string, string];
    const product = await findProduct(this.context, productSlug);
    const offered = product.plans.find(({ slug }) => slug === planSlug);
    if (!offered) throw new NotFoundError('plan');
    return offered;
  }

  private callerOf(customer: SimulatedCustomer): Caller {
    const caller = this.callers.get(customer.name);
    if (caller) return caller;
    throw new ConflictError('not_signed_up', `${customer.name} has a step before it signs up: move one of the two.`);
  }
}
