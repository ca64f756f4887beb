import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.js';
import type { Brand } from '../brand/brand.js';
import { AnswersWith } from '../contract/answers.decorator.js';
import { slug } from '../contract/value.schema.js';
import { docsContentSecurityPolicy } from '../security/content-security-policy.js';
import { BRAND } from '../tokens.js';
import { renderDocsPage } from './docs-page.js';
import { DocumentSource } from './document-source.js';

const version = z.string().min(1).max(63).describe('The name of a version, or "latest".');

@ApiTags('Documentation')
@Public()
@Controller('docs')
export class DocsPageController {
  constructor(
    @Inject(DocumentSource) private readonly documents: DocumentSource,
    @Inject(BRAND) private readonly brand: Brand,
  ) {}

  @Get(':api')
  @ApiOperation({ summary: 'Leads to the reference of the latest version' })
  @ApiResponse({ status: 302, description: 'On to the page of the latest version' })
  async findLatest(@Param('api', { schema: slug }) api: string, @Res() reply: FastifyReply): Promise<void> {
    const found = await this.documents.find(api, 'latest');
    await reply.redirect(`/docs/${encodeURIComponent(found.api.slug)}/latest`, 302);
  }

  @Get(':api/:version')
  @AnswersWith('text/html', { summary: 'The reference of a published API, as a page' })
  async readDocsPage(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: version }) name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const found = await this.documents.find(api, name);
    void reply.headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': docsContentSecurityPolicy(),
      'cache-control': 'no-cache',
    });
    return renderDocsPage(found, this.brand);
  }
}
