import type { PaymentProvider } from '#domain';
import { type ServiceContext, listProofs, verifyLedger } from '#services';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { placeText } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { PAYMENT_PROVIDER, SERVICE_CONTEXT } from '../tokens.js';
import { ledgerProofs, proofQuery, verifyReport } from './verify.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/verify')
export class VerifyController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly paymentProvider: PaymentProvider,
  ) {}

  @Get()
  @Answers(verifyReport, {
    summary: 'Compare journal, ledger, rollups, invoices and payment provider',
    description: 'Names the first row that differs, if any does, and of the payment provider all of them.',
  })
  async verify(): Promise<z.input<typeof verifyReport>> {
    return verifyLedger(this.context, { provider: this.paymentProvider });
  }

  @Get('proofs')
  @Answers(ledgerProofs, {
    summary: 'What came of the nightly proofs',
    description:
      'Each night the day that has ended is proven, and an earlier one as a sample: fourteen a page, the newest first.',
  })
  async proofs(
    @Query({ schema: proofQuery }) { limit, after }: z.output<typeof proofQuery>,
  ): Promise<z.input<typeof ledgerProofs>> {
    const { rows, last } = await readPage(limit, (most) => listProofs(this.context, { after, limit: most }));
    return { proofs: rows, next: last && placeText(last.startedAt, last.day) };
  }
}
