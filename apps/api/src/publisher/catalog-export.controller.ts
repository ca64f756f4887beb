import { type ServiceContext, catalogText, exportCatalog } from '#services';
import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { AnswersWith } from '../contract/answers.decorator.js';
import { slug } from '../contract/value.schema.js';
import { SERVICE_CONTEXT } from '../tokens.js';

/** A file with more documents would take too much of this process. */
const MAX_DOCUMENT_BYTES = 64 * 1_048_576;

const catalogExportQuery = z.strictObject({
  publisher: slug.optional().describe('Of one team only.'),
  product: slug.optional().describe('One product, with its APIs.'),
});

/** What one's teams have made, as the file that the command line applies. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/catalog')
export class CatalogExportController {
  constructor(@Inject(SERVICE_CONTEXT) private readonly context: ServiceContext) {}

  @Get()
  @AnswersWith('application/yaml', {
    summary: 'The catalogue of one’s publisher teams as a file that `tollgate apply` takes',
    description:
      'Everything in one file, documents too; without secrets, which are variables in it, and without sellers. The same content is the same file.',
  })
  async exportCatalog(
    @Query({ schema: catalogExportQuery }) { publisher, product }: z.output<typeof catalogExportQuery>,
    @CurrentCaller() { userId }: Caller,
  ): Promise<StreamableFile> {
    const scope = { publisher: publisher ?? null, product: product ?? null };
    const bounds = { publisherUserId: userId, maxDocumentBytes: MAX_DOCUMENT_BYTES };
    const text = catalogText(await exportCatalog(this.context, { ...scope, ...bounds }), {
      hasSideFiles: false,
      hasPlaces: false,
    });
    return new StreamableFile(Buffer.from(text), {
      type: 'application/yaml; charset=utf-8',
      disposition: `attachment; filename="${product ?? publisher ?? 'catalog'}.yaml"`,
    });
  }
}
