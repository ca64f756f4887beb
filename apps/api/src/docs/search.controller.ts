import { type DocumentationHit, type ServiceContext, findInDocumentation } from '#services';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers } from '../contract/answers.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { docsPath } from './docs-page.js';
import { searchQuery, searchResult } from './search.schema.js';

@ApiTags('Documentation')
@Public()
@Controller('api/v1/search')
export class SearchController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @Answers(searchResult, {
    summary: 'Operations and guides by their words',
    description: 'Of each API in its latest version, or of one version. Every word must be there; the best come first.',
  })
  async search(
    @Query({ schema: searchQuery }) query: z.output<typeof searchQuery>,
  ): Promise<z.input<typeof searchResult>> {
    const { q, api = null, version = null, limit } = query;
    const hits = await findInDocumentation(this.context, { text: q, limit, api, version });
    return { hits: hits.map((hit) => ({ ...hit, href: hrefOf(hit) })) };
  }
}

function hrefOf({ kind, api, version, name, operationId }: DocumentationHit): string {
  const page = docsPath(api.slug, version);
  if (kind === 'guide') return `${page}#/${encodeURIComponent(name)}`;
  return operationId === null ? page : `${page}#operation/${encodeURIComponent(operationId)}`;
}
