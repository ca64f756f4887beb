import path from 'node:path';
import { NotFoundError } from '#domain';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/access.js';
import { portalContentSecurityPolicy } from '../security/content-security-policy.js';
import { IMMUTABLE, REVALIDATE, sendFile } from '../static/send-file.js';
import { type StaticFile, StaticFiles } from '../static/static-files.js';
import { type ApiSettings, PORTAL_FILES, SETTINGS } from '../tokens.js';

/** The portal's folder of files whose names change with their content. */
const HASHED = 'assets/';

/**
 * The browser application: its files, and its page for every address that is none of the API's, where the application
 * itself finds out what to show. An address that looks like a file's is not found when there is no such file.
 */
@Public()
@ApiExcludeController()
@Controller()
export class PortalController {
  constructor(
    @Inject(PORTAL_FILES) private readonly files: StaticFiles,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('*')
  async servePortal(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const name = request.url.replace(/[?#].*$/, '').replace(/^\/+/, '');
    const file = name === '' || name === 'index.html' ? undefined : await this.files.find(name);
    if (file) return sendFile(request, reply, file, name.startsWith(HASHED) ? IMMUTABLE : REVALIDATE);
    // What programs look for at well-known places is not there, rather than a page for people.
    if (/^(api|\.well-known)(\/|$)/.test(name) || path.posix.extname(name) !== '') throw notFound();
    const page = await this.files.find('index.html');
    if (!page) throw notFound();
    return this.sendPage(request, reply, page);
  }

  private sendPage(request: FastifyRequest, reply: FastifyReply, page: StaticFile): Promise<void> {
    void reply.header('content-security-policy', portalContentSecurityPolicy(this.settings.GATEWAY_URL));
    return sendFile(request, reply, page, REVALIDATE);
  }
}

function notFound(): NotFoundError {
  return new NotFoundError('route', 'There is nothing at this address.');
}
