import type { Coupon } from '#domain';
import type { ListedCoupon } from '#persistence';
import {
  type ServiceContext,
  addCouponCode,
  changeCoupon,
  changeCouponCode,
  createCoupon,
  listCoupons,
  toCouponTerms,
} from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, etagOf, seenBy } from '../contract/entity-tag.js';
import { pageQuery } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { id, toMoney } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  addCouponCodeRequest,
  changeCouponRequest,
  coupon,
  couponCode,
  couponList,
  createCouponRequest,
} from './coupon.schema.js';

/** What a publisher gives off, and the codes for it: all that a catalogue file does, by the same services. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/coupons')
export class CouponController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(couponList, { summary: 'The coupons of one’s publisher teams, with their codes, the newest first' })
  async listCoupons(
    @Query({ schema: pageQuery }) { limit, before }: z.output<typeof pageQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof couponList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listCoupons(this.context, userId, { after: before, limit: most }),
    );
    return { coupons: rows.map(toCouponAnswer), next: last && last.id };
  }

  @Post()
  @Answers(coupon, {
    summary: 'Make a coupon',
    description: 'What it takes off, for how long and of which plans is fixed, as invoices are computed by it.',
    status: 201,
  })
  async createCoupon(
    @Body({ schema: createCouponRequest }) body: z.output<typeof createCouponRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof coupon>> {
    const { publisher, slug, title, maxRedemptions, expiresAt, codes, ...said } = body;
    const own = { publisher, publisherUserId: userId, actor };
    const input = { slug, title, ...toCouponTerms(said), maxRedemptions, expiresAt, codes };
    return toCouponAnswer(await createCoupon(this.context, { ...own, ...input }));
  }

  @Put(':couponId')
  @IfMatch()
  @Answers(coupon, {
    summary: 'Say how often and until when a coupon is redeemed, or archive it',
    description: 'Whoever has redeemed it keeps what it gives.',
  })
  async changeCoupon(
    @Param('couponId', { schema: id }) couponId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: changeCouponRequest }) body: z.output<typeof changeCouponRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof coupon>> {
    const check = seenBy(ifMatch, changeableCoupon);
    const input = { couponId, publisherUserId: userId, check, actor, ...body };
    return toCouponAnswer(await changeCoupon(this.context, input));
  }

  @Post(':couponId/codes')
  @Answers(coupon, { summary: 'Add a code of a coupon', status: 201 })
  async addCode(
    @Param('couponId', { schema: id }) couponId: string,
    @Body({ schema: addCouponCodeRequest }) { code }: z.output<typeof addCouponCodeRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof coupon>> {
    return toCouponAnswer(await addCouponCode(this.context, { couponId, publisherUserId: userId, code, actor }));
  }

  @Post(':couponId/codes/:code/archive')
  @Answers(coupon, { summary: 'Archive a code of a coupon: it is not redeemed any more' })
  archiveCode(
    @Param('couponId', { schema: id }) couponId: string,
    @Param('code', { schema: couponCode }) code: string,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof coupon>> {
    return this.changeCode({ couponId, code, isArchived: true }, caller);
  }

  @Post(':couponId/codes/:code/restore')
  @Answers(coupon, { summary: 'Let a code of a coupon that is archived be redeemed again' })
  restoreCode(
    @Param('couponId', { schema: id }) couponId: string,
    @Param('code', { schema: couponCode }) code: string,
    @CurrentCaller() caller: Caller,
  ): Promise<z.input<typeof coupon>> {
    return this.changeCode({ couponId, code, isArchived: false }, caller);
  }

  private async changeCode(
    change: { readonly couponId: string; readonly code: string; readonly isArchived: boolean },
    { userId, actor }: Caller,
  ): Promise<z.input<typeof coupon>> {
    return toCouponAnswer(await changeCouponCode(this.context, { ...change, publisherUserId: userId, actor }));
  }
}

function toCouponAnswer(listed: ListedCoupon): z.input<typeof coupon> {
  const { amountOffMinor, currency } = listed;
  const amountOff = amountOffMinor === null ? null : toMoney(amountOffMinor, currency!);
  return { ...listed, amountOff, etag: etagOf(changeableCoupon(listed)) };
}

/** What of a coupon its change is of. */
function changeableCoupon({ maxRedemptions, expiresAt, archivedAt }: Coupon): unknown {
  return { maxRedemptions, expiresAt, isArchived: archivedAt !== null };
}
