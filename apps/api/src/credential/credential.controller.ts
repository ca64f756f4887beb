import {
  type ServiceContext,
  editCredential,
  issueCredential,
  listCredentials,
  revokeCredential,
  rotateCredential,
} from '#services';
import { Body, Controller, Get, Headers, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForMembers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { IfMatch, seenBy } from '../contract/entity-tag.js';
import { pageQuery } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { id } from '../contract/value.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import {
  credential,
  credentialList,
  editCredentialRequest,
  issueCredentialRequest,
  issuedCredential,
  rotateCredentialRequest,
  rotatedCredential,
} from './credential.schema.js';
import { changeableCredential, toCredential } from './to-credential.js';

@ApiTags('Keys')
@Controller('api/v1/organizations/:organizationId')
export class CredentialController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('applications/:applicationId/credentials')
  @ForMembers('read')
  @Answers(credentialList, { summary: 'The keys of an application, the newest first' })
  async listCredentials(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @Query({ schema: pageQuery }) { limit, before }: z.output<typeof pageQuery>,
  ): Promise<z.input<typeof credentialList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listCredentials(this.context, { organizationId, applicationId }, { after: before, limit: most }),
    );
    return { credentials: rows.map(toCredential), next: last && last.id };
  }

  @Post('applications/:applicationId/credentials')
  @ForMembers('manage_applications')
  @Answers(issuedCredential, {
    summary: 'Create a key',
    description: 'The answer holds the key itself; there is no way to see it again.',
    status: 201,
  })
  async issueCredential(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('applicationId', { schema: id }) applicationId: string,
    @Body({ schema: issueCredentialRequest }) request: z.output<typeof issueCredentialRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof issuedCredential>> {
    const issued = await issueCredential(this.context, {
      organizationId,
      applicationId,
      name: request.name,
      mode: request.mode,
      expiresAt: request.expiresAt ?? null,
      restrictions: request.restrictions ?? {},
      peppers: this.settings.KEY_PEPPERS,
      actor,
    });
    return { credential: toCredential(issued.credential), key: issued.key };
  }

  @Patch('credentials/:credentialId')
  @ForMembers('manage_applications')
  @IfMatch()
  @Answers(credential, {
    summary: 'Edit a key',
    description:
      'Its name, its end and its restrictions; the gateways follow within a second. The ETag is in the list.',
  })
  async editCredential(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('credentialId', { schema: id }) credentialId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: editCredentialRequest }) { name, expiresAt, restrictions }: z.output<typeof editCredentialRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof credential>> {
    const edited = await editCredential(this.context, {
      organizationId,
      credentialId,
      ...(name !== undefined && { name }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(restrictions !== undefined && { restrictions }),
      check: seenBy(ifMatch, changeableCredential),
      actor,
    });
    return toCredential(edited);
  }

  @Post('credentials/:credentialId/rotate')
  @ForMembers('manage_applications')
  @Answers(rotatedCredential, {
    summary: 'Rotate a key',
    description:
      'The new key works at once and may do what the old one may; the old one ends after the overlap. A key has one successor.',
    status: 201,
  })
  async rotateCredential(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('credentialId', { schema: id }) credentialId: string,
    @Body({ schema: rotateCredentialRequest }) request: z.output<typeof rotateCredentialRequest>,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof rotatedCredential>> {
    const { overlapSeconds, name, expiresAt } = request;
    const rotated = await rotateCredential(this.context, {
      organizationId,
      credentialId,
      overlapSeconds,
      ...(name !== undefined && { name }),
      ...(expiresAt !== undefined && { expiresAt }),
      peppers: this.settings.KEY_PEPPERS,
      actor,
    });
    return { credential: toCredential(rotated.credential), previous: toCredential(rotated.previous), key: rotated.key };
  }

  @Post('credentials/:credentialId/revoke')
  @ForMembers('manage_applications')
  @Answers(credential, {
    summary: 'Revoke a key',
    description: 'The gateways refuse it within a second. Revoking it again changes nothing.',
  })
  async revokeCredential(
    @Param('organizationId', { schema: id }) organizationId: string,
    @Param('credentialId', { schema: id }) credentialId: string,
    @CurrentCaller() { actor }: Caller,
  ): Promise<z.input<typeof credential>> {
    return toCredential(await revokeCredential(this.context, { organizationId, credentialId, actor }));
  }
}
