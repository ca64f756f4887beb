import { apiVersionDeprecatedMail } from '#mail';
import {
  type ApiVersionView,
  type CheckedDocument,
  type DeprecationNotice,
  type ServiceContext,
  checkDocument,
  countBySeverity,
  createApiVersion,
  deleteApiVersionDraft,
  deprecateApiVersion,
  findPublisherApiVersion,
  findPublisherDocument,
  listApiVersionCallers,
  listPublisherApis,
  publishApiVersion,
  replaceApiDocument,
  retireApiVersion,
  versionHeaderOf,
} from '#services';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers, AnswersFile, AnswersNothing } from '../contract/answers.decorator.js';
import { IfMatch, seenBy, withEtag } from '../contract/entity-tag.js';
import { placeText } from '../contract/page.schema.js';
import { readPage } from '../contract/read-page.js';
import { jsonFile } from '../invoice/invoice-file.js';
import { openApiDocument } from '../docs/open-api-document.schema.js';
import { VersionChanges } from '../docs/version-changes.js';
import { slug } from '../contract/value.schema.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import {
  apiVersionCallerList,
  apiVersionCallerQuery,
  checkDocumentRequest,
  checkedDocument,
  createApiVersionRequest,
  deprecateRequest,
  deprecatedApiVersion,
  publisherApiList,
  publisherApiQuery,
  publisherApiVersion,
  replaceDocumentRequest,
} from './api-version.schema.js';

const name = z.string().min(1).max(63);

/** What a publisher does with the versions of an API: from a document over a draft to what callers have, and to its end. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/apis')
export class ApiVersionController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(VersionChanges) private readonly changes: VersionChanges,
  ) {}

  @Get()
  @Answers(publisherApiList, { summary: 'The APIs of one’s publisher teams with all their versions, drafts too' })
  async listPublisherApis(
    @Query({ schema: publisherApiQuery }) { limit, after }: z.output<typeof publisherApiQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof publisherApiList>> {
    const { rows, last } = await readPage(limit, (most) =>
      listPublisherApis(this.context, userId, { after, limit: most }),
    );
    return { apis: rows, next: last && last.slug };
  }

  @Post(':api/document-check')
  @Answers(checkedDocument, {
    summary: 'See what a document would be as a version of an API',
    description:
      'Its operations, what could be better about it, and what it changes for callers. What cannot be published is refused. Saves nothing.',
    status: 200,
  })
  async checkDocument(
    @Param('api', { schema: slug }) api: string,
    @Body({ schema: checkDocumentRequest }) { source, against }: z.output<typeof checkDocumentRequest>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof checkedDocument>> {
    const input = { api, source, against: against ?? null, publisherUserId: userId };
    return toChecked(await checkDocument(this.context, input));
  }

  @Post(':api/versions')
  @Answers(publisherApiVersion, {
    summary: 'Add a version to an API, as a draft',
    description: 'Nobody but its publisher sees it, and calls of it get 404, until it is published.',
    status: 201,
  })
  async createApiVersion(
    @Param('api', { schema: slug }) api: string,
    @Body({ schema: createApiVersionRequest }) { name: version, ...body }: z.output<typeof createApiVersionRequest>,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof publisherApiVersion>> {
    const allowsPrivateUpstreams = this.settings.UPSTREAM_ALLOW_PRIVATE;
    const versionHeader = versionHeaderOf({ name: version, versionHeader: body.versionHeader });
    const input = { ...body, versionHeader, allowsPrivateUpstreams };
    await createApiVersion(this.context, { ...input, ...this.by(caller, api, version) });
    return this.find(api, version, caller, reply);
  }

  @Get(':api/versions/:version')
  @Answers(publisherApiVersion, {
    summary: 'A version of an API as its publisher sees it',
    description: 'Its ETag is for changing it.',
  })
  async findPublisherApiVersion(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof publisherApiVersion>> {
    return this.find(api, version, caller, reply);
  }

  @Get(':api/versions/:version/document')
  @AnswersFile(openApiDocument, { summary: 'The document of a version as it was uploaded, a draft’s too' })
  async findPublisherDocument(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @CurrentCaller() { userId }: Caller,
  ): Promise<StreamableFile> {
    const document = await findPublisherDocument(this.context, { api, version, publisherUserId: userId });
    return jsonFile(document, `${api}-${version}`);
  }

  @Get(':api/versions/:version/callers')
  @Answers(apiVersionCallerList, {
    summary: 'Whose applications have called a version in the last 90 days',
    description:
      'Those with the most calls first, each with what it has called that breaks in the latest version: what it has to change.',
  })
  async listApiVersionCallers(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Query({ schema: apiVersionCallerQuery }) { limit, after }: z.output<typeof apiVersionCallerQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<z.input<typeof apiVersionCallerList>> {
    const edited = { api, version, publisherUserId: userId };
    const found = await listApiVersionCallers(this.context, edited, this.changes.cache, { after, limit: limit + 1 });
    const { rows, last } = await readPage(limit, async () => found.callers);
    const callers = rows.map(({ named: breakingOperations, ...caller }) => ({ ...caller, breakingOperations }));
    return { latest: found.latest, callers, next: last && placeText(last.calls, last.application.id) };
  }

  @Put(':api/versions/:version/document')
  @IfMatch()
  @Answers(publisherApiVersion, {
    summary: 'Put another document in the place of a version’s',
    description:
      'Of a version that callers have, only one that breaks nobody: 409 `document_breaks_callers` names a change that would.',
  })
  async replaceApiDocument(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: replaceDocumentRequest }) { source }: z.output<typeof replaceDocumentRequest>,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof publisherApiVersion>> {
    await replaceApiDocument(this.context, { source, ...this.by(caller, api, version), check: seen(ifMatch) });
    return this.find(api, version, caller, reply);
  }

  @Post(':api/versions/:version/publish')
  @IfMatch()
  @Answers(publisherApiVersion, {
    summary: 'Give a version to callers and readers',
    description: 'A draft, or one that was deprecated or retired, again. Gateways have it within a second.',
    status: 200,
  })
  async publishApiVersion(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof publisherApiVersion>> {
    await publishApiVersion(this.context, { ...this.by(caller, api, version), check: seen(ifMatch) });
    return this.find(api, version, caller, reply);
  }

  @Post(':api/versions/:version/deprecate')
  @IfMatch()
  @Answers(deprecatedApiVersion, {
    summary: 'Tell readers that a version should not be used any more',
    description: 'It still answers. With a day, its documentation and its answers say from when on it is switched off.',
    status: 200,
  })
  async deprecateApiVersion(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: deprecateRequest }) { sunsetOn, retiresAtSunset, notifies }: z.output<typeof deprecateRequest>,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof deprecatedApiVersion>> {
    const changes = `/docs/${api}/changes?from=${encodeURIComponent(version)}&to=latest`;
    const { href: url } = new URL(changes, this.settings.PORTAL_URL);
    const writeMail = (notice: DeprecationNotice) =>
      apiVersionDeprecatedMail({ ...notice, api: notice.api.title, url });
    const change = { ...this.by(caller, api, version), check: seen(ifMatch) };
    const notified = await deprecateApiVersion(this.context, {
      ...change,
      sunsetOn,
      retiresAtSunset,
      writeMail: notifies ? writeMail : null,
    });
    return { ...(await this.find(api, version, caller, reply)), notified };
  }

  @Post(':api/versions/:version/retire')
  @IfMatch()
  @Answers(publisherApiVersion, {
    summary: 'Switch a version off',
    description: 'Calls of it get 404 from now on. It can be published again.',
    status: 200,
  })
  async retireApiVersion(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof publisherApiVersion>> {
    await retireApiVersion(this.context, { ...this.by(caller, api, version), check: seen(ifMatch) });
    return this.find(api, version, caller, reply);
  }

  @Delete(':api/versions/:version')
  @IfMatch()
  @AnswersNothing({ summary: 'Throw a version away that was never more than a draft' })
  async deleteApiVersionDraft(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: name }) version: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await deleteApiVersionDraft(this.context, { ...this.by(caller, api, version), check: seen(ifMatch) });
  }

  private by({ userId, actor }: Caller, api: string, version: string) {
    return { api, version, publisherUserId: userId, actor, encryptionKeys: this.settings.ENCRYPTION_KEYS };
  }

  private async find(api: string, version: string, { userId }: Caller, reply: FastifyReply): Promise<ApiVersionView> {
    const found = await findPublisherApiVersion(this.context, { api, version, publisherUserId: userId });
    return withEtag(reply, found, changeable(found));
  }
}

const seen = (ifMatch: string | undefined) => seenBy(ifMatch, changeable);

function changeable({ state, sunsetOn, retiresAtSunset, documentHash }: ApiVersionView): unknown {
  return { state, sunsetOn, retiresAtSunset, documentHash };
}

function toChecked({ compared, ...checked }: CheckedDocument): z.input<typeof checkedDocument> {
  if (compared === null) return { ...checked, compared };
  const { breaking, non_breaking: nonBreaking, docs } = countBySeverity(compared.changes);
  return { ...checked, compared: { ...compared, counts: { breaking, nonBreaking, docs } } };
}
