import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.js';
import { AnswersFile, AnswersWith } from '../contract/answers.decorator.js';
import { slug } from '../contract/value.schema.js';
import { REVALIDATE, sendFile } from '../static/send-file.js';
import { DocumentSource } from './document-source.js';
import { openApiDocument } from './open-api-document.schema.js';

const version = z.string().min(1).max(63).describe('The name of a version, or "latest".');

@ApiTags('Documentation')
@Public()
@Controller('api')
export class DocumentController {
  constructor(@Inject(DocumentSource) private readonly documents: DocumentSource) {}

  @Get('openapi.json')
  @AnswersFile(openApiDocument, { summary: 'This API’s own document' })
  readOwnDocument(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sendDocument('json', 'tollgate', 'latest', request, reply);
  }

  @Get('v1/apis/:api/versions/:version/openapi.json')
  @AnswersFile(openApiDocument, {
    summary: 'The document of a published API',
    description: 'Without markup that could do anything in a browser. The API `tollgate` is this one.',
  })
  readDocument(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: version }) name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.sendDocument('json', api, name, request, reply);
  }

  @Get('v1/apis/:api/versions/:version/openapi.yaml')
  @AnswersWith('application/yaml', { summary: 'The document of a published API, as YAML' })
  readYamlDocument(
    @Param('api', { schema: slug }) api: string,
    @Param('version', { schema: version }) name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.sendDocument('yaml', api, name, request, reply);
  }

  private async sendDocument(
    form: 'json' | 'yaml',
    api: string,
    name: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const files = await this.documents.filesOf(await this.documents.find(api, name));
    return sendFile(request, reply, files[form], REVALIDATE);
  }
}
