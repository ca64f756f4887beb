import { type ServiceContext, nameAccount, readChartOfAccounts } from '#services';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { accountInput, accountKey, accountList } from './finance-export.schema.js';

@ApiTags('Finance')
@ForStaff('finance')
@Controller('api/v1/finance/accounts')
export class AccountController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(accountList, { summary: 'The accounts of journal entries, with finance’s own numbers and names' })
  async listAccounts(): Promise<z.input<typeof accountList>> {
    return { accounts: await readChartOfAccounts(this.context) };
  }

  @Put(':account')
  @Answers(accountList, { summary: 'Name an account in finance’s own chart', description: 'Answers the whole chart.' })
  async nameAccount(
    @Param('account', { schema: accountKey }) account: z.output<typeof accountKey>,
    @Body({ schema: accountInput }) body: z.output<typeof accountInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof accountList>> {
    await nameAccount(this.context, { account, ...body, actor });
    return { accounts: await readChartOfAccounts(this.context) };
  }
}
