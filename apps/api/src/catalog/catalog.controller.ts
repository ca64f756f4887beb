import { type ServiceContext, findPlanVersion, findProduct, findProductTerms, listProducts } from '#services';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { readPage } from '../contract/read-page.js';
import { id, slug } from '../contract/value.schema.js';
import { RenderedMarkdown } from '../markup/rendered-markdown.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { estimate, estimateRequest } from './plan.schema.js';
import { productDetails, productPage, productQuery, productTerms } from './product.schema.js';
import { estimateMonth } from './to-estimate.js';
import { toProduct, toProductPlace } from './to-product.js';

@ApiTags('Catalogue')
@Public()
@Controller('api/v1/catalog')
export class CatalogController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(RenderedMarkdown) private readonly markup: RenderedMarkdown,
  ) {}

  @Get('products')
  @Answers(productPage, { summary: 'The API products with their plans, in the order of the catalogue' })
  async listProducts(
    @Query({ schema: productQuery }) { limit, after }: z.output<typeof productQuery>,
  ): Promise<z.input<typeof productPage>> {
    const { rows, last } = await readPage(limit, (most) => listProducts(this.context, { after, limit: most }));
    return { products: rows.map(toProduct), next: last && toProductPlace(last) };
  }

  @Get('products/:slug')
  @Answers(productDetails, { summary: 'One API product' })
  async findProduct(@Param('slug', { schema: slug }) productSlug: string): Promise<z.input<typeof productDetails>> {
    const found = toProduct(await findProduct(this.context, productSlug));
    return { ...found, descriptionHtml: this.markup.render(found.description) };
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
