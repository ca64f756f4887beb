import { couponBounds, couponTerms } from '#services';
import { z } from 'zod';
import { etag } from '../contract/entity-tag.js';
import { next } from '../contract/page.schema.js';
import { decimal, id, instant, instantInput, money, slug } from '../contract/value.schema.js';

const code = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .describe('What people type, in any case: 3 to 40 letters, digits, - and _.');
const title = z.string().trim().min(1).max(120).describe('Printed on invoices.');
const expiresAt = instantInput.nullable().default(null).describe('From then on it is not redeemed any more.');

export const coupon = z
  .object({
    id,
    publisher: z.object({ slug: z.string(), name: z.string() }),
    slug: z.string(),
    title: z.string(),
    percentOff: decimal.nullable(),
    amountOff: money.nullable().describe('Of each month together.'),
    months: z.int().nullable().describe('Null for as long as the subscription goes on.'),
    offers: z.array(z.string()).readonly().describe('PRODUCT or PRODUCT/PLAN; empty for all of the publisher.'),
    maxRedemptions: z.int().nullable(),
    redeemed: z.int().describe('Organizations that have redeemed it.'),
    expiresAt: instant.nullable(),
    archivedAt: instant.nullable(),
    createdAt: instant,
    codes: z.array(z.object({ code: z.string(), archivedAt: instant.nullable() })).readonly(),
    etag,
  })
  .meta({ id: 'Coupon', description: 'A discount for whoever has one of its codes.' });

export const couponList = z.object({ coupons: z.array(coupon).readonly(), next }).meta({ id: 'CouponList' });

export const createCouponRequest = z
  .strictObject({
    publisher: slug.describe('The publisher team.'),
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected small letters, digits and hyphens'),
    title,
    ...couponTerms.shape,
    ...couponBounds.shape,
    expiresAt,
    codes: z.array(code).max(100).default([]),
  })
  .meta({ id: 'CreateCouponRequest' });

export const changeCouponRequest = z
  .strictObject({
    ...couponBounds.shape,
    expiresAt,
    isArchived: z.boolean().default(false).describe('Not redeemed any more; what has been goes on.'),
  })
  .meta({ id: 'ChangeCouponRequest' });

export const addCouponCodeRequest = z.strictObject({ code }).meta({ id: 'AddCouponCodeRequest' });

export const couponCode = z.string().min(1).max(60);
