import { Controller, Get, Inject, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { stringify } from 'yaml';
import { z } from 'zod';
import { Public } from '../access/access.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { DocumentSource } from './document-source.js';

const slug = z.string().min(1).max(63);
const version = z.string().min(1).max(63).describe('The name of a version, or "latest".');
const openApiDocument = z
  .record(z.string(), z.unknown())
  .meta({ id: 'OpenApiDocument', description: 'An OpenAPI document.' });

@ApiTags('Documentation')
@Public()
@Controller('api')
export class DocumentController {
  constructor(@Inject(DocumentSource) private readonly documents: DocumentSource) {}

  @Get('openapi.json')
  @Answers(openApiDocument, { summary: 'This API’s own document' })
  readOwnDocument(): z.input<typeof openApiDocument> {
    return this.documents.own();
  }

  @Get('v1/apis/:api/versions/:version/openapi.json')
  @Answers(openApiDocument, {
    summary: 'The document of a published API',
    description: 'Without markup that could do anything in a browser. The API `tollgate` is this one.',
  })
  async readDocument(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: version }) name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof openApiDocument>> {
    void reply.header('cache-control', 'no-cache');
    return (await this.documents.find(api, name)).document;
  }

  @Get('v1/apis/:api/versions/:version/openapi.yaml')
  @AnswersWith('application/yaml', { summary: 'The document of a published API, as YAML' })
  async readYamlDocument(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: version }) name: string,
  ): Promise<StreamableFile> {
    const { document } = await this.documents.find(api, name);
    return new StreamableFile(Buffer.from(stringify(document, { aliasDuplicateObjects: false })), {
      type: 'application/yaml; charset=utf-8',
    });
  }
}
