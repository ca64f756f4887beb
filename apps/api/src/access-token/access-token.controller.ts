import type { AccessToken } from '#domain';
import {
  type ServiceContext,
  createAccessToken,
  grantableScopes,
  listAccessTokens,
  revokeAccessToken,
} from '#services';
import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForUsers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersNothing } from '../contract/answers.decorator.js';
import { pageQuery } from '../contract/page.schema.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { accessToken, accessTokenList, accessTokenRequest, createdAccessToken } from './access-token.schema.js';

@ApiTags('Session')
@ForUsers()
@Controller('api/v1/access-tokens')
export class AccessTokenController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get()
  @Answers(accessTokenList, { summary: 'One’s personal access tokens, without their secrets, the newest first' })
  async listAccessTokens(
    @Query({ schema: pageQuery }) query: z.output<typeof pageQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof accessTokenList>> {
    const { tokens, next } = await listAccessTokens(this.context, userId, query);
    return { tokens: tokens.map(toAccessToken), grantableScopes: await grantableScopes(this.context, userId), next };
  }

  @Post()
  @Answers(createdAccessToken, {
    summary: 'Create a personal access token',
    description: 'The answer holds the token itself; there is no way to see it again. Not by another token.',
    status: 201,
  })
  async createAccessToken(
    @Body({ schema: accessTokenRequest }) request: z.output<typeof accessTokenRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof createdAccessToken>> {
    const peppers = this.settings.KEY_PEPPERS;
    const created = await createAccessToken(this.context, { ...request, userId, peppers, actor });
    return { token: created.token, accessToken: toAccessToken(created.accessToken) };
  }

  @Delete(':accessTokenId')
  @AnswersNothing({ summary: 'Revoke a personal access token', description: 'It is refused from the next call on.' })
  async revokeAccessToken(
    @Param('accessTokenId', { schema: id }) accessTokenId: string,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<void> {
    await revokeAccessToken(this.context, { userId, id: accessTokenId, actor });
  }
}

function toAccessToken(found: AccessToken): z.input<typeof accessToken> {
  return { ...found, display: `tgp_${found.tokenId}…` };
}
