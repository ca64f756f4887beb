import {
  type PlanDraft,
  type ServiceContext,
  type ShownOffer,
  changePlanOffer,
  createPlan,
  createPlanDraft,
  deletePlanDraft,
  findPlanDraft,
  findPlanPage,
  previewPlan,
  publishPlanDraft,
  replacePlanDraft,
  retirePlan,
  setTaxCode,
  simulatePlanDraft,
} from '#services';
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, tagIn, toEtag, withEtag } from '../contract/entity-tag.js';
import { id, slug } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  createDraftRequest,
  createPlanRequest,
  planDraft,
  planOfferRequest,
  planPage,
  planPreview,
  planSimulation,
  planTermsRequest,
  simulateRequest,
} from './plan-editor.schema.js';
import { productTaxCode } from './publisher.schema.js';
import { toPreview, toSimulation } from './to-plan-page.js';

/** What a publisher does with plans: all that a catalogue file does, by the same services. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher')
export class PlanEditorController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Post('products/:product/plans')
  @Answers(planPage, {
    summary: 'Create a plan, as a draft',
    description: 'A plan that cannot be rated is refused, with every fault of it and where it is.',
    status: 201,
  })
  async createPlan(
    @Param('product', { schema: slug }) product: string,
    @Body({ schema: createPlanRequest }) body: z.output<typeof createPlanRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof planPage>> {
    const { slug: name, title, summary, visibility, invited, ...terms } = body;
    const offer = { slug: name, title, summary, position: undefined, visibility, invited };
    const planId = await createPlan(this.context, { product, offer, terms, publisherUserId: userId, actor });
    return findPlanPage(this.context, { planId, publisherUserId: userId });
  }

  @Post('products/:product/plan-preview')
  @Answers(planPreview, {
    summary: 'Check the terms of a plan, and see what they cost',
    description:
      'Refuses what saving refuses, with every fault. Priced by the code that makes the invoices, where the price changes. Saves nothing.',
  })
  async previewPlan(
    @Param('product', { schema: slug }) product: string,
    @Body({ schema: planTermsRequest }) terms: z.output<typeof planTermsRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof planPreview>> {
    return toPreview(await previewPlan(this.context, { product, terms, publisherUserId: userId }));
  }

  @Put('products/:product/tax-code')
  @Answers(productTaxCode, {
    summary: 'Say as what Stripe taxes a product',
    description: 'Invoices that are made from now on have it; those that are made stay as they are.',
  })
  async setTaxCode(
    @Param('product', { schema: slug }) product: string,
    @Body({ schema: productTaxCode }) { taxCode }: z.output<typeof productTaxCode>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof productTaxCode>> {
    await setTaxCode(this.context, { product, taxCode, publisherUserId: userId, actor });
    return { taxCode };
  }

  @Get('plans/:planId')
  @Answers(planPage, {
    summary: 'A plan with all its versions',
    description: 'Its ETag is for changing what it is called and who sees it.',
  })
  async findPlan(
    @Param('planId', { schema: id }) planId: string,
    @CurrentCaller() { userId }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof planPage>> {
    const found = await findPlanPage(this.context, { planId, publisherUserId: userId });
    return withEtag(reply, found, changeableOffer(found));
  }

  @Patch('plans/:planId')
  @IfMatch()
  @Answers(planPage, { summary: 'Change what a plan is called and who sees it, at once' })
  async changePlanOffer(
    @Param('planId', { schema: id }) planId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: planOfferRequest }) offer: z.output<typeof planOfferRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof planPage>> {
    const edited = { planId, publisherUserId: userId };
    await changePlanOffer(this.context, { ...edited, offer, check: seenBy(ifMatch, changeableOffer), actor });
    const changed = await findPlanPage(this.context, edited);
    return withEtag(reply, changed, changeableOffer(changed));
  }

  @Post('plans/:planId/retire')
  @Answers(planPage, {
    summary: 'Retire the published version of a plan',
    description: 'Its subscribers stay, and there are no more. A draft stays a draft.',
  })
  async retirePlan(
    @Param('planId', { schema: id }) planId: string,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof planPage>> {
    const edited = { planId, publisherUserId: userId };
    await retirePlan(this.context, { ...edited, actor });
    return findPlanPage(this.context, edited);
  }

  @Post('plans/:planId/draft')
  @Answers(planDraft, { summary: 'Begin a draft of a plan that has none', status: 201 })
  async createPlanDraft(
    @Param('planId', { schema: id }) planId: string,
    @Body({ schema: createDraftRequest }) { fromVersionId }: z.output<typeof createDraftRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof planDraft>> {
    const edited = { planId, publisherUserId: userId };
    await createPlanDraft(this.context, { ...edited, fromVersionId, actor });
    return withTag(await findPlanDraft(this.context, edited), reply);
  }

  @Get('plans/:planId/draft')
  @Answers(planDraft, { summary: 'The draft of a plan', description: 'Its ETag is for changing it.' })
  async findPlanDraft(
    @Param('planId', { schema: id }) planId: string,
    @CurrentCaller() { userId }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof planDraft>> {
    return withTag(await findPlanDraft(this.context, { planId, publisherUserId: userId }), reply);
  }

  @Put('plans/:planId/draft')
  @IfMatch()
  @Answers(planDraft, {
    summary: 'Replace the draft of a plan',
    description: '412 when somebody else has changed it, 428 without If-Match.',
  })
  async replacePlanDraft(
    @Param('planId', { schema: id }) planId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: planTermsRequest }) terms: z.output<typeof planTermsRequest>,
    @CurrentCaller() { userId, actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof planDraft>> {
    const edited = { planId, publisherUserId: userId };
    await replacePlanDraft(this.context, { ...edited, tag: tagIn(ifMatch), terms, actor });
    return withTag(await findPlanDraft(this.context, edited), reply);
  }

  @Delete('plans/:planId/draft')
  @IfMatch()
  @AnswersNothing({
    summary: 'Throw the draft of a plan away',
    description: 'And with it a plan that has never been published.',
  })
  async deletePlanDraft(
    @Param('planId', { schema: id }) planId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<void> {
    await deletePlanDraft(this.context, { planId, publisherUserId: userId, tag: tagIn(ifMatch), actor });
  }

  @Post('plans/:planId/draft/publish')
  @IfMatch()
  @Answers(planPage, {
    summary: 'Publish the draft of a plan',
    description: 'It is fixed then, and what new subscriptions get. Subscribers stay on their version.',
  })
  async publishPlanDraft(
    @Param('planId', { schema: id }) planId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof planPage>> {
    const edited = { planId, publisherUserId: userId };
    await publishPlanDraft(this.context, { ...edited, tag: tagIn(ifMatch), actor });
    return findPlanPage(this.context, edited);
  }

  @Post('plans/:planId/draft/simulate')
  @Answers(planSimulation, {
    summary: 'What closed periods would have cost under the draft',
    description: 'At most 5,000 periods; more with `tollgate plan simulate`.',
  })
  async simulatePlanDraft(
    @Param('planId', { schema: id }) planId: string,
    @Body({ schema: simulateRequest }) { from, to }: z.output<typeof simulateRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof planSimulation>> {
    return toSimulation(await simulatePlanDraft(this.context, { planId, publisherUserId: userId, from, to }));
  }
}

function changeableOffer({ title, summary, visibility, invited }: ShownOffer): unknown {
  return { title, summary, visibility, invited };
}

function withTag(draft: PlanDraft, reply: FastifyReply): z.input<typeof planDraft> {
  void reply.header('etag', toEtag(draft.tag));
  return draft;
}
