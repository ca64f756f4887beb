import type { PaymentProvider } from '#domain';
import { type ServiceContext, latestProofs, verifyLedger } from '#services';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { PAYMENT_PROVIDER, SERVICE_CONTEXT } from '../tokens.js';
import { ledgerProofs, verifyReport } from './verify.schema.js';

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
    description: 'Each night the day that has ended is proven, and an earlier one as a sample: the latest fourteen.',
  })
  async proofs(): Promise<z.input<typeof ledgerProofs>> {
    return { proofs: await latestProofs(this.context) };
  }
}
