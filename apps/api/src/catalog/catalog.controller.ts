import { type ServiceContext, findPlanVersion, findProduct, findProductTerms, listProducts } from '#services';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { id, slug } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { estimate, estimateRequest } from './plan.schema.js';
import { product, productList, productTerms } from './product.schema.js';
import { estimateMonth } from './to-estimate.js';
import { toProduct } from './to-product.js';

@ApiTags('Catalogue')
@Public()
@Controller('api/v1/catalog')
export class CatalogController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('products')
  @Answers(productList, { summary: 'All API products, with their plans' })
  async listProducts(): Promise<z.input<typeof productList>> {
    return { products: (await listProducts(this.context)).map(toProduct) };
  }

  @Get('products/:slug')
  @Answers(product, { summary: 'One API product' })
  async findProduct(@Param('slug', { schema: slug }) productSlug: string): Promise<z.input<typeof product>> {
    return toProduct(await findProduct(this.context, productSlug));
  }

  @Get('products/:slug/terms')
  @Answers(productTerms, { summary: 'The terms of a product that are in force' })
  async findTerms(@Param('slug', { schema: slug }) productSlug: string): Promise<z.input<typeof productTerms>> {
    return findProductTerms(this.context, productSlug, null);
  }

  @Get('products/:slug/terms/:version')
  @Answers(productTerms, { summary: 'The terms of a product of one version, in force or not' })
  async findTermsVersion(
    @Param('slug', { schema: slug }) productSlug: string,
    @Param('version', { schema: slug }) version: string,
  ): Promise<z.input<typeof productTerms>> {
    return findProductTerms(this.context, productSlug, version);
  }

  @Post('plan-versions/:id/estimate')
  @Answers(estimate, {
    summary: 'What a period would cost',
    description:
      'Computed by the same code that makes the invoices. Meters that are not named count as unused; where single events decide, all units count as one event.',
  })
  async estimatePlan(
    @Param('id', { schema: id }) planVersionId: string,
    @Body({ schema: estimateRequest }) { quantities }: z.output<typeof estimateRequest>,
  ): Promise<z.input<typeof estimate>> {
    const { definition } = await findPlanVersion(this.context, planVersionId);
    return estimateMonth(definition, quantities, this.context.clock.nowMs());
  }
}
