import { InvalidError, type LeakPolicy, NotFoundError, TollgateError } from '#domain';
import { keyLeakedMail } from '#mail';
import { type ServiceContext, decideLeakPolicy, readLeakPolicy, reportKeyLeaks } from '#services';
import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  Param,
  Post,
  Put,
  type RawBodyRequest,
  Req,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ForMembers, Public } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication } from '../auth/authentication.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { id } from '../contract/value.schema.js';
import { TooManyRequestsError } from '../problem/request-error.js';
import { AUTHENTICATION, type ApiSettings, LEAK_REPORT_KEYS, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { keyLeakAnswer, keyLeakReport, leakPolicy, leakPolicyRequest } from './key-leak.schema.js';
import { type LeakReportKeys, isSignedBy } from './leak-report-keys.js';
import { ReportAllowance } from './report-allowance.js';

@ApiTags('Keys')
@Controller('api/v1')
export class KeyLeakController {
  private readonly allowance = new ReportAllowance();

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(LEAK_REPORT_KEYS) private readonly reportKeys: LeakReportKeys | null,
  ) {}

  @Post('key-leaks')
  @Public()
  @Answers(keyLeakAnswer, {
    summary: 'Report keys that were found in public',
    description:
      'Takes the payload of GitHub’s secret scanning partner program, an array of matches signed in `Github-Public-Key-Signature`. Keys are revoked, or their owners told, once however often they are reported.',
  })
  async reportKeyLeaks(@Req() request: RawBodyRequest<FastifyRequest>): Promise<z.input<typeof keyLeakAnswer>> {
    const waitSeconds =
      this.allowance.take(request.ip, performance.now()) || (await this.authentication.countReport(request.ip));
    if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
    const body = request.rawBody ?? Buffer.alloc(0);
    await this.checkSignature(request, body);
    const matches = parseReport(body);
    const answers = await reportKeyLeaks(this.context, {
      suspects: matches.map(({ token, url, source }) => ({ token, foundAtUrl: url || null, foundIn: source || null })),
      reporter: 'github',
      peppers: this.settings.KEY_PEPPERS,
      defaultPolicy: this.settings.LEAK_POLICY,
      writeMail: ({ applicationId, action, ...notice }) =>
        keyLeakedMail({
          ...notice,
          isRevoked: action === 'revoked',
          url: `${this.settings.PORTAL_URL}/dashboard/applications/${applicationId}`,
        }),
    });
    return matches.map(({ token, type }, index) => ({
      token_raw: token,
      token_type: type,
      label: answers[index] ? 'true_positive' : 'false_positive',
    }));
  }

  @Get('organizations/:organizationId/leak-policy')
  @ForMembers('read')
  @Answers(leakPolicy, { summary: 'What happens to leaked keys', description: 'Its ETag is for deciding it.' })
  async readLeakPolicy(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof leakPolicy>> {
    const found = this.decidedOr(await readLeakPolicy(this.context, organizationId));
    return withEtag(reply, found, found);
  }

  @Put('organizations/:organizationId/leak-policy')
  @ForMembers('manage_members')
  @IfMatch()
  @Answers(leakPolicy, { summary: 'Decide what happens to leaked keys' })
  async decideLeakPolicy(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: leakPolicyRequest }) { policy }: z.output<typeof leakPolicyRequest>,
    @CurrentCaller() { actor }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof leakPolicy>> {
    const check = seenBy(ifMatch, (current: LeakPolicy | null) => this.decidedOr(current));
    await decideLeakPolicy(this.context, { organizationId, policy, check, actor });
    return withEtag(reply, { policy }, { policy });
  }

  /** What was decided, else what the installation does. */
  private decidedOr(policy: LeakPolicy | null): { readonly policy: LeakPolicy } {
    return { policy: policy ?? this.settings.LEAK_POLICY };
  }

  /** The signature is over the bytes of the body, so it is checked before anything is made of them. */
  private async checkSignature({ headers }: FastifyRequest, body: Buffer): Promise<void> {
    if (!this.reportKeys) throw new NotFoundError('route', 'This installation takes no reports of leaked keys.');
    const key = await this.reportKeys.find(String(headers['github-public-key-identifier'] ?? ''));
    const signature = String(headers['github-public-key-signature'] ?? '');
    if (!key || !isSignedBy(key, body, signature)) throw new ReportNotSignedError();
  }
}

function parseReport(body: Buffer): z.output<typeof keyLeakReport> {
  try {
    return keyLeakReport.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new InvalidError('invalid_request', 'The report is no array of at most 1,000 matches.', { cause: error });
  }
}

class ReportNotSignedError extends TollgateError {
  override readonly kind = 'unauthenticated';

  constructor() {
    super('report_not_signed', 'The report is not signed by a known key of a reporter.');
  }
}
