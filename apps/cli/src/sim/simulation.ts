import { randomBytes } from 'node:crypto';
import {
  type FixedClock,
  type Pepper,
  type UsageEvent,
  ConflictError,
  DEFAULT_SELLER,
  NotFoundError,
  noBillingDetails,
  parseDecimal,
  toMinorUnits,
} from '#domain';
import {
  type CreditMails,
  type DunningMails,
  type ServiceContext,
  addTaxRate,
  cancelSubscription,
  changeBillingDetails,
  changePlan,
  closeDuePeriods,
  createApplication,
  createOrganization,
  decideOnRefund,
  expireCredits,
  findInvoice,
  findProduct,
  issueCredential,
  issueCreditNote,
  keepPlan,
  listInvoices,
  migrateSubscribers,
  proposeCredits,
  proposeRefund,
  purchaseCredits,
  reactivateSubscription,
  runDunning,
  setTaxExemption,
  setTopUp,
  settleEndingTrials,
  subscribe,
  watchCredits,
} from '#services';
import type { CustomerStep, Release, Scenario, SimulatedCustomer } from './scenario.js';
import type { SimulatedPayments } from './simulated-payments.js';
import { type TimelineEntry, endOf, timelineOf } from './timeline.js';
import { type Caller, UsageWriter } from './usage-writer.js';

type CatalogPlan = Awaited<ReturnType<typeof findProduct>>['plans'][number];

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const actor = { kind: 'cli', id: null } as const;
/** Refunds need a second person. */
const approver = { kind: 'user', id: 'approver' } as const;
/** Nobody reads mail in a simulation. */
const noMail = () => ({ subject: '', text: '', html: '' });
const silent: CreditMails = { runningLow: noMail, topUpStopped: noMail };
const silentDunning: DunningMails = {
  transferDue: noMail,
  paymentFailed: noMail,
  suspensionWarning: noMail,
  accessSuspended: noMail,
  accessRestored: noMail,
  subscriptionsCanceled: noMail,
};
/** No simulated day is an outage. */
const LONGEST_GAP_MS = 400 * DAY_MS;
/** One person is enough for whatever a scenario gives. */
const NO_LIMIT = 1e9;

export interface SimulationInput {
  readonly scenario: Scenario;
  /** Stands at the start of the scenario or before, and is that of the context. */
  readonly clock: FixedClock;
  /** Null when invoices are issued and not collected. */
  readonly payments: SimulatedPayments | null;
  /** Applies a catalogue file that the scenario names. */
  readonly applyCatalog: (file: string) => Promise<void>;
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
    const releases = scenario.releases.toSorted((one, other) => one.at.getTime() - other.at.getTime());
    await this.addTaxRates();
    let next = 0;
    for (let dayMs = scenario.start.getTime(); ; dayMs = Math.min(dayMs + scenario.workEveryDays * DAY_MS, endMs)) {
      for (; next < timeline.length && timeline[next]!.atMs < dayMs; next++) {
        while (releases[0] && releases[0].at.getTime() <= timeline[next]!.atMs) await this.release(releases.shift()!);
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

  private async addTaxRates(): Promise<void> {
    for (const { country, name, percent, from, to } of this.input.scenario.taxRates) {
      const rate = { country, name, percent, validFrom: from, validTo: to ?? null };
      const usual = {
        sellerSlug: DEFAULT_SELLER,
        region: null,
        category: 'standard',
        taxId: null,
        note: null,
      } as const;
      await addTaxRate(this.context, { ...usual, ...rate, actor });
    }
  }

  /** The catalogue changes, and subscribers are told that they come to what is new. */
  private async release({ at, catalog, migrate, noticeDays }: Release): Promise<void> {
    const { clock, applyCatalog } = this.input;
    clock.moveTo(Math.max(at.getTime(), clock.nowMs()));
    await applyCatalog(catalog);
    for (const plan of migrate) {
      const { version } = await this.offer(plan);
      const writeMail = () => ({ subject: 'A new version of the plan', text: '', html: '' });
      const notice = {
        planVersionId: version.id,
        noticeDays,
        overrides: 'keep' as const,
        publisherUserId: null,
        actor,
        writeMail,
      };
      await migrateSubscribers(this.context, notice);
    }
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
    await expireCredits(this.context);
    await this.input.payments?.settle();
    await watchCredits(this.context, silent);
    await this.input.payments?.settle();
    await this.followUnpaid();
    this.input.onDay?.(this.context.clock.now());
  }

  private async followUnpaid(): Promise<void> {
    const { payments, scenario } = this.input;
    if (!payments || !scenario.dunning) return;
    const dunning = { policy: scenario.dunning, mails: silentDunning, longestGapMs: LONGEST_GAP_MS };
    for (;;) {
      const { done, failures } = await runDunning(this.context, payments.provider, dunning);
      if (failures[0]) throw new Error('Dunning could not go on.', { cause: failures[0].error });
      await payments.settle();
      if (done.length === 0) return;
    }
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
    if (customer.country !== undefined) {
      const { country, region = null, postalCode = null, taxId } = customer;
      const taxIds = taxId === undefined ? [] : [{ country, value: taxId }];
      const details = { ...noBillingDetails(organizationId), country, region, postalCode, taxIds };
      await changeBillingDetails(this.context, { organizationId, details, actor });
    }
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
    await this.takeCredits(customer, caller, step);
    if (step.exempt) await setTaxExemption(this.context, { organizationId, reason: step.exempt, actor });
    if (step.giveBack) await this.giveBack(organizationId, step.giveBack);
    if (step.use) {
      const event = await this.usage.admit(caller, step.use);
      if (!event) return;
      if (step.arrives) this.late.push({ atMs: step.arrives.getTime(), event });
      else this.usage.add(event);
    }
  }

  private async takeCredits(
    customer: SimulatedCustomer,
    { organizationId, subscriptionId }: Caller,
    { credits, buy, topUp }: CustomerStep,
  ): Promise<void> {
    if (!credits && !buy && !topUp) return;
    const { currency } = (await this.offer(customer.plan)).version.definition;
    const minor = (amount: string) => toMinorUnits(parseDecimal(amount, 'amount'), currency);
    const chosen = (amount: string | undefined) => (amount === undefined ? null : minor(amount));
    if (credits) {
      const { amount, reason, priority, expires: expiresAt } = credits;
      const given = { organizationId, currency, amountMinor: minor(amount), reason, priority, expiresAt };
      await proposeCredits(this.context, { ...given, limit: NO_LIMIT, actor });
    }
    if (buy) {
      const bought = { organizationId, subscriptionId, pack: buy.pack, amountMinor: chosen(buy.amount) };
      await purchaseCredits(this.context, {
        ...bought,
        paymentProvider: this.input.payments?.provider ?? null,
        actor,
      });
      await this.input.payments?.settle();
    }
    if (topUp) {
      const { pack, amount, below, monthly } = topUp;
      const limits = { thresholdMinor: minor(below), monthlyLimitMinor: minor(monthly) };
      await setTopUp(this.context, {
        organizationId,
        subscriptionId,
        pack,
        amountMinor: chosen(amount),
        ...limits,
        actor,
      });
    }
  }

  /** Of the newest invoice with a number: to the card when another person approves it, too. */
  private async giveBack(
    organizationId: string,
    { to, amount, reason }: NonNullable<CustomerStep['giveBack']>,
  ): Promise<void> {
    const { invoices } = await listInvoices(this.context, { organizationId });
    const newest = invoices.find(({ number }) => number !== null);
    if (!newest) throw new NotFoundError('invoice');
    const { currency, lines } = await findInvoice(this.context, { invoiceId: newest.id });
    const given =
      amount === undefined
        ? null
        : [{ lineId: lines[0]!.id, amountMinor: toMinorUnits(parseDecimal(amount, 'amount'), currency) }];
    const input = { invoiceId: newest.id, lines: given, reason, actor };
    if (to === 'balance') await issueCreditNote(this.context, input);
    else {
      const { id: proposalId } = await proposeRefund(this.context, input);
      await decideOnRefund(this.context, { proposalId, decision: 'approved', actor: approver });
    }
    await this.input.payments?.settle();
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
