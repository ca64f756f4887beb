import { type ServiceContext, issueTryItKey, openCall, previewCall } from '#services';
import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import type { Authentication } from '../auth/authentication.js';
import { Answers } from '../contract/answers.decorator.js';
import { id } from '../contract/value.schema.js';
import { issuedCredential } from '../credential/credential.schema.js';
import { toCredential } from '../credential/to-credential.js';
import { CallSlots } from '../gateway-call/call-slots.js';
import { TooManyRequestsError } from '../problem/request-error.js';
import { AUTHENTICATION, type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { callHeaders } from './call-headers.js';
import { canonicalCallPath } from './call-path.js';
import { versionFields } from '../gateway-call/version-fields.js';
import { GatewayCaller } from './gateway-caller.js';
import { callPreview, previewCallRequest, triedCall, tryCallRequest } from './try-it.schema.js';

@ApiTags('Try it')
@Controller('api/v1/organizations/:organizationId/applications/:applicationId/try-it')
export class TryItController {
  private readonly slots = new CallSlots({ perCaller: 4, inAll: 128 });

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(AUTHENTICATION) private readonly authentication: Authentication,
    @Inject(GatewayCaller) private readonly gateway: GatewayCaller,
  ) {}

  @Post('preview')
  @ForMembers('read')
  @Answers(callPreview, {
    summary: 'What a call would cost and take from quotas',
    description: 'Computed by the same code that makes the invoices, after what the period has used so far.',
  })
  previewCall(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @Body({ schema: previewCallRequest }) request: z.output<typeof previewCallRequest>,
  ): Promise<z.input<typeof callPreview>> {
    return previewCall(this.context, { organizationId, applicationId, ...request });
  }

  @Post('keys')
  @ForMembers('manage_applications')
  @Answers(issuedCredential, {
    summary: 'Make a test key for trying out calls',
    description:
      'It works for an hour and is never billed. An application has five of them at a time: a sixth ends the oldest.',
    status: 201,
  })
  async issueKey(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @CurrentCaller() { actor, userId }: Caller,
  ): Promise<z.input<typeof issuedCredential>> {
    await this.countTry(userId);
    const peppers = this.settings.KEY_PEPPERS;
    const issued = await issueTryItKey(this.context, { organizationId, applicationId, peppers, actor });
    return { credential: toCredential(issued.credential), key: issued.key };
  }

  @Post('calls')
  @ForMembers('manage_applications')
  @Answers(triedCall, {
    summary: 'Make a call with a test key',
    description:
      'For browsers, which may not call the gateway themselves. The call goes to the gateway of this installation and to the API ' +
      'version that is named, from the address of this server; whatever the gateway answers is a success here.',
  })
  async tryCall(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @Body({ schema: tryCallRequest }) request: z.output<typeof tryCallRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof triedCall>> {
    const { api, version, key, method, body } = request;
    const peppers = this.settings.KEY_PEPPERS;
    const destination = await openCall(this.context, { organizationId, applicationId, api, version, key, peppers });
    const path = destination.basePath + canonicalCallPath(request.path);
    const headers = callHeaders(request.headers, { keyHeader: destination.keyHeader, key });
    const host = destination.host === null ? {} : { host: destination.host };

    await this.countTry(userId);
    const answer = await this.slots.run(userId, () =>
      this.gateway.call({ method, path, headers: { ...headers, ...versionFields(destination), ...host }, body }),
    );
    if (!answer) throw new TooManyRequestsError(1);
    return answer;
  }

  private async countTry(userId: string): Promise<void> {
    const waitSeconds = await this.authentication.countTry(userId);
    if (waitSeconds > 0) throw new TooManyRequestsError(waitSeconds);
  }
}
