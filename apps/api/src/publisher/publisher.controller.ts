import { planVersionMail, subscriptionApprovedMail, subscriptionRefusedMail } from '#mail';
import {
  type MigrationNotice,
  type SubscriptionNotice,
  type RefusalNotice,
  type PlanRevenue,
  type ServiceContext,
  approveSubscription,
  findPublisherPlanVersion,
  listPublisherPlanVersions,
  listPublisherProducts,
  listPublisherSubscriptions,
  migrateSubscribers,
  productFunnel,
  productRevenue,
  productUsage,
  refuseSubscription,
} from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { estimate, estimateRequest } from '../catalog/plan.schema.js';
import { estimateMonth } from '../catalog/to-estimate.js';
import { productQuery } from '../catalog/product.schema.js';
import { toProduct, toProductPlace } from '../catalog/to-product.js';
import { Answers } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { id, slug, toMoney } from '../contract/value.schema.js';
import { subscription } from '../subscription/subscription.schema.js';
import { toSubscription } from '../subscription/to-subscription.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import {
  migrateRequest,
  migration,
  productFunnelAnswer,
  productFunnelQuery,
  productRevenueAnswer,
  productRevenueQuery,
  productUsageAnswer,
  productUsageQuery,
  publisherPlanVersionList,
  publisherPlanVersionQuery,
  publisherProductList,
  publisherSubscriptionList,
  publisherSubscriptionQuery,
  refusalRequest,
  toPlanVersionPlace,
} from './publisher.schema.js';

@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher')
export class PublisherController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('products')
  @Answers(publisherProductList, { summary: 'The API products of one’s publisher teams' })
  async listPublisherProducts(
    @Query({ schema: productQuery }) { limit, after }: z.output<typeof productQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof publisherProductList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listPublisherProducts(this.context, userId, { after, limit: most }),
    );
    return {
      products: rows.map((found) => ({
        ...toProduct(found),
        subscriptionCount: found.subscriptionCount,
        taxCode: found.taxCode,
      })),
      next: last && toProductPlace(last),
    };
  }

  @Get('products/:product/usage')
  @Answers(productUsageAnswer, {
    summary: 'How a product is used by the day, told apart by caller, operation or class of status',
    description: 'Live calls of all organizations. With an operation and by caller: who would miss it.',
  })
  productUsage(
    @Param('product', { schema: slug }) product: string,
    @Query({ schema: productUsageQuery }) query: z.output<typeof productUsageQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof productUsageAnswer>> {
    return productUsage(this.context, { product, ...query, publisherUserId: userId });
  }

  @Get('products/:product/revenue')
  @Answers(productRevenueAnswer, {
    summary: 'What a product has earned by month and plan',
    description: 'Without tax, when it was earned: a fee over its span, usage when it is billed.',
  })
  async productRevenue(
    @Param('product', { schema: slug }) product: string,
    @Query({ schema: productRevenueQuery }) { months }: z.output<typeof productRevenueQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof productRevenueAnswer>> {
    return {
      revenue: (await productRevenue(this.context, { product, months, publisherUserId: userId })).map(toRevenue),
    };
  }

  @Get('products/:product/funnel')
  @Answers(productFunnelAnswer, { summary: 'From signing up to paying: how far new organizations come with a product' })
  productFunnel(
    @Param('product', { schema: slug }) product: string,
    @Query({ schema: productFunnelQuery }) { days }: z.output<typeof productFunnelQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof productFunnelAnswer>> {
    return productFunnel(this.context, { product, days, publisherUserId: userId });
  }

  @Get('plan-versions')
  @Answers(publisherPlanVersionList, { summary: 'All versions of one’s plans, drafts too' })
  async listPlanVersions(
    @Query({ schema: publisherPlanVersionQuery }) { limit, after }: z.output<typeof publisherPlanVersionQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof publisherPlanVersionList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listPublisherPlanVersions(this.context, userId, { after, limit: most }),
    );
    return { planVersions: rows, next: last && toPlanVersionPlace(last) };
  }

  @Post('plan-versions/:planVersionId/estimate')
  @Answers(estimate, { summary: 'What a month would cost under a plan version, also a draft' })
  async estimatePlanVersion(
    @Param('planVersionId', { schema: id }) planVersionId: string,
    @Body({ schema: estimateRequest }) { quantities }: z.output<typeof estimateRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof estimate>> {
    const { definition } = await findPublisherPlanVersion(this.context, userId, planVersionId);
    return estimateMonth(definition, quantities, this.context.clock.nowMs());
  }

  @Post('plan-versions/:planVersionId/migrate')
  @Answers(migration, {
    summary: 'Bring the subscribers of the plan’s other versions to this one, with notice',
    description:
      'Each changes with the end of the period that is under way when the notice has passed, and gets a mail now.',
  })
  async migrateSubscribers(
    @Param('planVersionId', { schema: id }) planVersionId: string,
    @Body({ schema: migrateRequest }) { noticeDays, overrides }: z.output<typeof migrateRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof migration>> {
    const writeMail = (notice: MigrationNotice) => planVersionMail({ ...notice, portalUrl: this.settings.PORTAL_URL });
    const input = { planVersionId, noticeDays, overrides, publisherUserId: userId, actor, writeMail };
    return migrateSubscribers(this.context, input);
  }

  @Post('subscriptions/:subscriptionId/approve')
  @Answers(subscription, {
    summary: 'Let a subscription begin that waits for approval',
    description: 'A mail tells the organization.',
  })
  async approveSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const writeMail = (notice: SubscriptionNotice) =>
      subscriptionApprovedMail({ ...notice, url: this.subscriptionUrl(notice) });
    const input = { subscriptionId, publisherUserId: userId, actor, writeMail };
    return toSubscription(await approveSubscription(this.context, input));
  }

  @Post('subscriptions/:subscriptionId/refuse')
  @Answers(subscription, {
    summary: 'Refuse a subscription that waits for approval, for good',
    description: 'A mail tells the organization, with the reason when there is one.',
  })
  async refuseSubscription(
    @Param('subscriptionId', { schema: id }) subscriptionId: string,
    @Body({ schema: refusalRequest }) { reason }: z.output<typeof refusalRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof subscription>> {
    const writeMail = (notice: RefusalNotice) =>
      subscriptionRefusedMail({ ...notice, url: this.subscriptionUrl(notice) });
    const input = { subscriptionId, publisherUserId: userId, reason, actor, writeMail };
    return toSubscription(await refuseSubscription(this.context, input));
  }

  @Get('subscriptions')
  @Answers(publisherSubscriptionList, { summary: 'Who is subscribed to them, and what they use in this period' })
  async listPublisherSubscriptions(
    @Query({ schema: publisherSubscriptionQuery }) query: z.output<typeof publisherSubscriptionQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof publisherSubscriptionList>> {
    const { subscriptions, next } = await listPublisherSubscriptions(this.context, userId, query);
    return { subscriptions: subscriptions.map((found) => ({ ...found, ...toSubscription(found) })), next };
  }

  private subscriptionUrl({ subscriptionId }: SubscriptionNotice): string {
    return new URL(`/dashboard/subscriptions/${subscriptionId}`, this.settings.PORTAL_URL).href;
  }
}

function toRevenue({
  month,
  plan,
  currency,
  ...amounts
}: PlanRevenue): z.input<typeof productRevenueAnswer>['revenue'][number] {
  return {
    month,
    plan,
    fees: toMoney(amounts.feesMinor, currency),
    usage: toMoney(amounts.usageMinor, currency),
    reductions: toMoney(amounts.reductionsMinor, currency),
    total: toMoney(amounts.totalMinor, currency),
  };
}
