import {
  type ServiceContext,
  addTaxRate,
  endTaxRate,
  findBillingDetails,
  listSellersWithTaxRates,
  setSellerTax,
  setTaxExemption,
} from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import {
  billingDetails,
  sellerList,
  sellerQuery,
  sellerTax,
  taxExemption,
  taxRate,
  taxRateEnd,
  taxRateInput,
} from './tax.schema.js';
import { changeableExemption, toBillingDetails } from './to-tax.js';

const sellerSlug = z.string().max(64);

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance')
export class FinanceTaxController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get('sellers')
  @Answers(sellerList, { summary: 'The legal entities that invoice, and what they charge of tax' })
  async listSellers(
    @Query({ schema: sellerQuery }) { limit, after }: z.output<typeof sellerQuery>,
  ): Promise<z.input<typeof sellerList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listSellersWithTaxRates(this.context, { after, limit: most }),
    );
    return { sellers: rows, next: last && last.slug };
  }

  @Put('sellers/:sellerSlug/tax')
  @Answers(sellerTax, {
    summary: 'Say who computes the taxes of a seller: it by its rates, or Stripe',
    description:
      'Invoices that are made from now on are taxed so; those that are made stay as they are. With Stripe Tax an invoice waits as a draft ' +
      'until Stripe has computed its tax, which needs an address of the buyer.',
  })
  async setSellerTax(
    @Param('sellerSlug', { schema: sellerSlug }) slug: string,
    @Body({ schema: sellerTax }) { tax }: z.output<typeof sellerTax>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof sellerTax>> {
    const seller = await setSellerTax(this.context, { sellerSlug: slug, tax, actor });
    return { tax: seller.tax };
  }

  @Post('sellers/:sellerSlug/tax-rates')
  @Answers(taxRate, {
    status: 201,
    summary: 'Add a tax rate of a seller',
    description:
      'Invoices that are made from now on are taxed by it, when it is in force at the last instant of their period. ' +
      'Nothing of it changes later but its end.',
  })
  async addTaxRate(
    @Param('sellerSlug', { schema: sellerSlug }) slug: string,
    @Body({ schema: taxRateInput }) rate: z.output<typeof taxRateInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof taxRate>> {
    return addTaxRate(this.context, { ...rate, sellerSlug: slug, actor });
  }

  @Post('tax-rates/:taxRateId/end')
  @Answers(taxRate, {
    summary: 'End a tax rate, or let it go on',
    description: 'Invoices that are made stay as they are.',
  })
  async endTaxRate(
    @Param('taxRateId', { schema: id }) taxRateId: string,
    @Body({ schema: taxRateEnd }) { validTo }: z.output<typeof taxRateEnd>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof taxRate>> {
    return endTaxRate(this.context, { id: taxRateId, validTo, actor });
  }

  @Get('organizations/:organizationId/billing-details')
  @Answers(billingDetails, {
    summary: 'What invoices say of any organization, and what their tax depends on',
    description: 'Its ETag is for exempting it.',
  })
  async findAnyBillingDetails(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof billingDetails>> {
    const found = await findBillingDetails(this.context, organizationId);
    return withEtag(reply, toBillingDetails(found), changeableExemption(found.details));
  }

  @Put('organizations/:organizationId/tax-exemption')
  @IfMatch()
  @Answers(billingDetails, {
    summary: 'Say that an organization is charged no tax, and why',
    description: 'Invoices that are made from now on print the reason. Null takes it back.',
  })
  async setTaxExemption(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: taxExemption }) { reason }: z.output<typeof taxExemption>,
    @CurrentCaller() { actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof billingDetails>> {
    const check = seenBy(ifMatch, changeableExemption);
    const changed = await setTaxExemption(this.context, { organizationId, reason, check, actor });
    return withEtag(reply, toBillingDetails(changed), changeableExemption(changed.details));
  }
}
