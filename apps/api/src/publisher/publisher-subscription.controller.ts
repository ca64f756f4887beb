import {
  type PublisherSubscriptionPage,
  type ServiceContext,
  addSubscriptionNote,
  findPublisherSubscription,
  overrideSubscription,
  previewOverride,
  previewRedemption,
  redeemForSubscription,
  removeCoupon,
  revokeOverride,
  suspendSubscription,
} from '#services';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { standingRequest } from '../contract/standing.schema.js';
import { id } from '../contract/value.schema.js';
import { couponPreview, redeemRequest } from '../subscription/subscription.schema.js';
import { toCouponPreview, toPlanChangePreview, toSubscription } from '../subscription/to-subscription.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  noteList,
  noteRequest,
  overridePreview,
  overrideRequest,
  previewOverrideRequest,
  publisherSubscriptionPage,
  removeCouponRequest,
  revokeOverrideRequest,
  suspendRequest,
} from './publisher-subscription.schema.js';

/** One subscription to a product of one's teams. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/subscriptions/:subscriptionId')
export class PublisherSubscriptionController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(publisherSubscriptionPage, { summary: 'A subscription with its own terms and notes' })
  async findSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    return this.pageOf(subscriptionId, userId);
  }

  @Post('override/preview')
  @Answers(overridePreview, {
    summary: 'What other limits or prices for one subscription would do',
    description: 'Computed by the code that closes the period. Changes nothing.',
  })
  async previewOverride(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: previewOverrideRequest }) body: z.output<typeof previewOverrideRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof overridePreview>> {
    const preview = await previewOverride(this.context, { subscriptionId, publisherUserId: userId, ...body });
    return { ...toPlanChangePreview(preview), differences: preview.differences };
  }

  @Post('override')
  @Answers(publisherSubscriptionPage, {
    summary: 'Give one subscription other limits or prices than its plan has',
    description:
      'A version of the plan for it alone. It takes the place of an earlier override; a change of plan ends it. The customer sees the terms, not the reason.',
  })
  async overrideSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: overrideRequest }) body: z.output<typeof overrideRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    await overrideSubscription(this.context, { subscriptionId, publisherUserId: userId, actor, ...body });
    return this.pageOf(subscriptionId, userId);
  }

  @Post('override/revoke')
  @Answers(publisherSubscriptionPage, {
    summary: 'Return a subscription to the terms of its plan',
    description:
      'What has not begun is taken back at once; what is in force ends with the period, unless now is asked.',
  })
  async revokeOverride(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: revokeOverrideRequest }) { when }: z.output<typeof revokeOverrideRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    await revokeOverride(this.context, { subscriptionId, publisherUserId: userId, when, actor });
    return this.pageOf(subscriptionId, userId);
  }

  @Post('coupon/preview')
  @Answers(couponPreview, {
    summary: 'What a code would take off a subscription',
    description: 'Computed by the code that closes the period. Redeems nothing.',
  })
  async previewCouponOfSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: redeemRequest }) { couponCode }: z.output<typeof redeemRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof couponPreview>> {
    const input = { subscriptionId, publisherUserId: userId, couponCode };
    return toCouponPreview(await previewRedemption(this.context, input));
  }

  @Post('coupon')
  @Answers(publisherSubscriptionPage, {
    summary: 'Redeem a code for a subscription',
    description:
      'As its organization could: it counts from the month under way, or from the first that is not paid in advance.',
  })
  async redeemCouponOfSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: redeemRequest }) { couponCode }: z.output<typeof redeemRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    await redeemForSubscription(this.context, { subscriptionId, publisherUserId: userId, couponCode, actor });
    return this.pageOf(subscriptionId, userId);
  }

  @Post('coupon/remove')
  @Answers(publisherSubscriptionPage, {
    summary: 'Remove the coupon of a subscription',
    description: 'With the end of the month: what begins after that costs what the plan says. It stays redeemed.',
  })
  async removeCouponOfSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: removeCouponRequest }) { reason }: z.output<typeof removeCouponRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    await removeCoupon(this.context, { subscriptionId, publisherUserId: userId, reason, actor });
    return this.pageOf(subscriptionId, userId);
  }

  @Post('suspend')
  @Answers(publisherSubscriptionPage, {
    summary: 'Suspend a subscription to one’s product',
    description:
      'The gateways refuse its calls with 403 within a second, and end its open streams; its keys stay, and what its plan ' +
      'costs goes on. Lifts no other reason, and none is lifted by it.',
  })
  async suspendPublishedSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: suspendRequest }) { reason }: z.output<typeof suspendRequest>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    return this.setSuspended(subscriptionId, true, reason, caller);
  }

  @Post('resume')
  @Answers(publisherSubscriptionPage, {
    summary: 'Resume a subscription that its publisher has suspended',
    description: 'Its calls pass again when no other reason is left: what the operator or a payment asks stays.',
  })
  async resumePublishedSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: standingRequest }) { reason }: z.output<typeof standingRequest>,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    return this.setSuspended(subscriptionId, false, reason, caller);
  }

  @Post('notes')
  @Answers(noteList, {
    summary: 'Write a note about a subscription',
    description: 'For the publisher only. Answers all notes, the newest first; they are neither changed nor deleted.',
  })
  async addNote(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: noteRequest }) { text }: z.output<typeof noteRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof noteList>> {
    return { notes: await addSubscriptionNote(this.context, { subscriptionId, publisherUserId: userId, text, actor }) };
  }

  private async setSuspended(
    subscriptionId: string,
    isSuspended: boolean,
    note: string | null,
    { userId, actor }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    const input = { subscriptionId, publisherUserId: userId, reason: 'publisher', isSuspended, note, actor } as const;
    await suspendSubscription(this.context, input);
    return this.pageOf(subscriptionId, userId);
  }

  private async pageOf(
    subscriptionId: string,
    publisherUserId: string,
  ): Promise<z.input<typeof publisherSubscriptionPage>> {
    return toPage(await findPublisherSubscription(this.context, { subscriptionId, publisherUserId }));
  }
}

function toPage(found: PublisherSubscriptionPage): z.input<typeof publisherSubscriptionPage> {
  return { ...found, ...toSubscription(found) };
}
