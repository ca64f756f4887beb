import type { PaymentProvider } from '#domain';
import { subscriptionRequestedMail } from '#mail';
import {
  type ServiceContext,
  acceptTerms,
  cancelSubscription,
  changePlan,
  findEntitlements,
  keepPlan,
  listOfferedProducts,
  listSubscriptions,
  previewCancellation,
  previewPlanChange,
  previewRedemption,
  previewSubscription,
  reactivateSubscription,
  redeemForSubscription,
  setMoneyCap,
  previewTrial,
  subscribe,
} from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { productPage, productQuery } from '../catalog/product.schema.js';
import { toProduct, toProductPlace } from '../catalog/to-product.js';
import { IfMatch, seenBy } from '../contract/entity-tag.js';
import { pageQuery } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, PAYMENT_PROVIDER, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import {
  acceptTermsRequest,
  cancelRequest,
  cancellationPreview,
  changePlanRequest,
  couponPreview,
  moneyCapRequest,
  planChangePreview,
  previewSubscriptionRequest,
  redeemRequest,
  subscribeRequest,
  subscription,
  subscriptionEntitlements,
  subscriptionList,
  subscriptionPreview,
  trialPreview,
  trialQuery,
} from './subscription.schema.js';
import {
  changeableMoneyCap,
  toCancellationPreview,
  toCouponPreview,
  toEntitlements,
  toPlanChangePreview,
  toSubscription,
  toSubscriptionPreview,
} from './to-subscription.js';

@ApiTags('Subscriptions')
@Controller('api/v1/organizations/:organizationId/subscriptions')
export class SubscriptionController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly paymentProvider: PaymentProvider,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @ForMembers('read')
  @Answers(subscriptionList, { summary: 'The subscriptions of an organization, the newest first' })
  async listSubscriptions(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: pageQuery }) { limit, before }: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof subscriptionList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listSubscriptions(this.context, organizationId, { after: before, limit: most }),
    );
    return { subscriptions: rows.map(toSubscription), next: last && last.id };
  }

  @Get('offers')
  @ForMembers('read')
  @Answers(productPage, {
    summary: 'What the organization can subscribe to',
    description: 'The catalogue, with the plans that only those who are invited see.',
  })
  async listOffers(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: productQuery }) { limit, after }: z.output<typeof productQuery>,
  ): Promise<z.input<typeof productPage>> {
    const { rows, last } = await readPage(limit, (most) =>
      listOfferedProducts(this.context, organizationId, { after, limit: most }),
    );
    return { products: rows.map(toProduct), next: last && toProductPlace(last) };
  }

  @Get('trial')
  @ForMembers('read')
  @Answers(trialPreview, {
    summary: 'Whether a subscription to a plan version would begin with its trial',
    description:
      'A trial of a product is for each organization, person (by their mailbox) and card once. Without it a subscription begins with the plan.',
  })
  async previewTrial(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Query({ schema: trialQuery }) { planVersionId }: z.output<typeof trialQuery>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof trialPreview>> {
    const { paymentProvider, settings } = this;
    const peppers = settings.KEY_PEPPERS;
    return previewTrial(this.context, { organizationId, planVersionId, paymentProvider, actor, peppers });
  }

  @Post('preview')
  @ForMembers('read')
  @Answers(subscriptionPreview, {
    summary: 'What a subscription would cost, with or without a code',
    description:
      'The first invoices as they will be, computed as those are. Makes no subscription and redeems no code.',
  })
  async previewSubscription(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: previewSubscriptionRequest }) asked: z.output<typeof previewSubscriptionRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscriptionPreview>> {
    const { paymentProvider, settings } = this;
    const input = { organizationId, ...asked, paymentProvider, actor, peppers: settings.KEY_PEPPERS };
    return toSubscriptionPreview(await previewSubscription(this.context, input));
  }

  @Get(':subscriptionId/entitlements')
  @ForMembers('read')
  @Answers(subscriptionEntitlements, {
    summary: 'Which operations and features a subscription has',
    description: 'By the plan version that is in force: every operation of the product, and whether it may be called.',
  })
  async findEntitlements(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
  ): Promise<z.input<typeof subscriptionEntitlements>> {
    return toEntitlements(await findEntitlements(this.context, { organizationId, subscriptionId }));
  }

  @Post()
  @ForMembers('manage_applications')
  @Answers(subscription, {
    summary: 'Subscribe an application to a plan',
    description:
      'Refused with `payment_method_required` when the plan costs money, also with the code, and no card is saved, and with ' +
      '`already_subscribed` when the application has an active subscription to the product. `terms_not_accepted` asks for the ' +
      'version of the product’s terms that the customer accepts, `terms_changed` for a newer one. A `couponCode` is redeemed ' +
      'with it, once for each organization; one that cannot be is refused, and nothing is made.',
    status: 201,
  })
  async subscribe(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Body({ schema: subscribeRequest })
    { applicationId, planVersionId, acceptedTerms, couponCode }: z.output<typeof subscribeRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const { paymentProvider } = this;
    return toSubscription(
      await subscribe(this.context, {
        organizationId,
        applicationId,
        planVersionId,
        acceptedTerms,
        couponCode,
        paymentProvider,
        actor,
        peppers: this.settings.KEY_PEPPERS,
        writeRequestMail: (notice) =>
          subscriptionRequestedMail({
            ...notice,
            url: `${this.settings.PORTAL_URL}/publisher/subscriptions/${notice.subscriptionId}`,
          }),
      }),
    );
  }

  @Post(':subscriptionId/change/preview')
  @ForMembers('read')
  @Answers(planChangePreview, {
    summary: 'What another plan would do',
    description: 'Computed as the invoice will be, with the change in this very millisecond when it is at once.',
  })
  async previewPlanChange(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: changePlanRequest }) { planVersionId, when }: z.output<typeof changePlanRequest>,
  ): Promise<z.input<typeof planChangePreview>> {
    return toPlanChangePreview(
      await previewPlanChange(this.context, { organizationId, subscriptionId, planVersionId, when }),
    );
  }

  @Post(':subscriptionId/change')
  @ForMembers('manage_applications')
  @Answers(subscription, {
    summary: 'Put a subscription on another plan',
    description:
      'At once, or with the next period. What the period has used of quotas is carried over, usage is priced by the plan ' +
      'under which it was admitted, and fees by the shares of the period. Refused with `payment_method_required` when the ' +
      'plan costs money and no card is saved.',
  })
  async changePlan(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: changePlanRequest }) { planVersionId, when, acceptedTerms }: z.output<typeof changePlanRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const { paymentProvider } = this;
    const which = { organizationId, subscriptionId, planVersionId, when, acceptedTerms };
    return toSubscription(await changePlan(this.context, { ...which, paymentProvider, actor }));
  }

  @Post(':subscriptionId/change/revoke')
  @ForMembers('manage_applications')
  @Answers(subscription, { summary: 'Take back a change of plan that has not taken effect yet' })
  async keepPlan(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    return toSubscription(await keepPlan(this.context, { organizationId, subscriptionId, actor }));
  }

  @Post(':subscriptionId/cancel/preview')
  @ForMembers('read')
  @Answers(cancellationPreview, { summary: 'What canceling a subscription would do' })
  async previewCancellation(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: cancelRequest }) { when }: z.output<typeof cancelRequest>,
  ): Promise<z.input<typeof cancellationPreview>> {
    return toCancellationPreview(await previewCancellation(this.context, { organizationId, subscriptionId, when }));
  }

  @Post(':subscriptionId/cancel')
  @ForMembers('manage_applications')
  @Answers(subscription, {
    summary: 'Cancel a subscription',
    description:
      'With its current period, or at once. The gateways refuse its calls from then on, within a second, and the last ' +
      'invoice has all that was used. A fee that was paid in advance is not given back.',
  })
  async cancelSubscription(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: cancelRequest }) { when }: z.output<typeof cancelRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    return toSubscription(await cancelSubscription(this.context, { organizationId, subscriptionId, when, actor }));
  }

  @Post(':subscriptionId/reactivate')
  @ForMembers('manage_applications')
  @Answers(subscription, {
    summary: 'Take back a cancellation that has not taken effect yet',
    description: 'Also lets go on what was suspended at the end of its trial, now that a card is saved.',
  })
  async reactivateSubscription(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const { paymentProvider } = this;
    return toSubscription(
      await reactivateSubscription(this.context, { organizationId, subscriptionId, paymentProvider, actor }),
    );
  }

  @Post(':subscriptionId/coupon/preview')
  @ForMembers('read')
  @Answers(couponPreview, {
    summary: 'What a code would take off a subscription that runs',
    description: 'Computed as the invoice will be, by what was used so far. Redeems nothing.',
  })
  async previewRedemption(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: redeemRequest }) { couponCode }: z.output<typeof redeemRequest>,
  ): Promise<z.input<typeof couponPreview>> {
    return toCouponPreview(await previewRedemption(this.context, { organizationId, subscriptionId, couponCode }));
  }

  @Post(':subscriptionId/coupon')
  @ForMembers('manage_applications')
  @Answers(subscription, {
    summary: 'Redeem a code for a subscription that runs',
    description:
      'It counts from the month under way, or from the first that is not paid in advance. Refused with `coupon_in_force` when ' +
      'another coupon takes something off then.',
  })
  async redeemForSubscription(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: redeemRequest }) { couponCode }: z.output<typeof redeemRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const input = { organizationId, subscriptionId, couponCode, actor };
    return toSubscription(await redeemForSubscription(this.context, input));
  }

  @Post(':subscriptionId/terms')
  @ForMembers('accept_terms')
  @Answers(subscription, {
    summary: 'Accept the terms of the product that are in force',
    description: 'Refused with `terms_changed` when there is a newer version than the one that was read.',
  })
  async acceptTerms(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: acceptTermsRequest }) { version }: z.output<typeof acceptTermsRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    return toSubscription(await acceptTerms(this.context, { organizationId, subscriptionId, version, actor }));
  }

  @Put(':subscriptionId/money-cap')
  @ForMembers('manage_billing')
  @IfMatch()
  @Answers(subscription, {
    summary: 'Set, change or remove the money cap of a subscription',
    description:
      'Usage charges of a period, after included units and before fees and tax, never exceed it: calls beyond it are ' +
      'refused with 402. Refused with `money_cap_below_commitment` when the plan commits to more.',
  })
  async setMoneyCap(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: moneyCapRequest }) { amount }: z.output<typeof moneyCapRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const check = seenBy(ifMatch, changeableMoneyCap);
    return toSubscription(await setMoneyCap(this.context, { organizationId, subscriptionId, amount, check, actor }));
  }
}
