import { type ChartedAccount, type ServiceContext, nameAccount, readChartOfAccounts } from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForStaff } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, etagOf, seenBy } from '../contract/entity-tag.js';
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
    return this.readChart();
  }

  @Put(':account')
  @IfMatch()
  @Answers(accountList, {
    summary: 'Name an account in finance’s own chart',
    description: 'Answers the whole chart. The ETag is in the list; a plan that has no name of its own there takes *.',
  })
  async nameAccount(
    @Param('account', { schema: accountKey }) account: z.output<typeof accountKey>,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: accountInput }) body: z.output<typeof accountInput>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof accountList>> {
    await nameAccount(this.context, { account, ...body, check: seenBy(ifMatch, changeable), actor });
    return this.readChart();
  }

  private async readChart(): Promise<z.input<typeof accountList>> {
    const accounts = await readChartOfAccounts(this.context);
    return { accounts: accounts.map((account) => ({ ...account, etag: etagOf(changeable(account)) })) };
  }
}

function changeable(account: ChartedAccount | null): unknown {
  return account && { number: account.number, name: account.name, isMapped: account.isMapped };
}
