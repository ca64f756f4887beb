import { NotFoundError } from '#domain';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.js';
import { REVALIDATE, sendFile } from '../static/send-file.js';
import { DOCS_FILES } from '../tokens.js';
import type { DocsFiles } from './docs-files.js';

const fileName = z.string().max(80);

/** The script, style and fonts of the documentation pages. */
@Public()
@ApiExcludeController()
@Controller('docs-files')
export class DocsFilesController {
  constructor(@Inject(DOCS_FILES) private readonly files: DocsFiles) {}

  @Get(':name')
  async readFile(
    @Param('name', { schema: fileName }) name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.files.find(name);
    if (!file) throw new NotFoundError('file');
    return sendFile(request, reply, file, REVALIDATE);
  }
}
