import path from 'node:path';
import { NotFoundError } from '#domain';
import type { Logger } from '#observability';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../access/access.js';
import { portalContentSecurityPolicy } from '../security/content-security-policy.js';
import { IMMUTABLE, REVALIDATE, sendFile } from '../static/send-file.js';
import { type StaticFile, StaticFiles } from '../static/static-files.js';
import { type ApiSettings, LOGGER, PORTAL_FILES, SETTINGS } from '../tokens.js';
import { PortalPageFiles } from './portal-page.js';
import { type PortalPage, PublicPages } from './public-pages.js';

/** The portal's folder of files whose names change with their content. */
const HASHED = 'assets/';
/** Search engines do not keep what has no content of its own. */
const UNINDEXED = { 'x-robots-tag': 'noindex' };

/**
 * The browser application: its files, and its page for every address that is none of the API's, where the application
 * itself finds out what to show. Public pages have their content in it already; a product that is not there is not found, with the same page.
 * An address that looks like a file's is not found when there is no such file.
 */
@Public()
@ApiExcludeController()
@Controller()
export class PortalController {
  private filled: PortalPageFiles | undefined;

  constructor(
    @Inject(PORTAL_FILES) private readonly files: StaticFiles,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(PublicPages) private readonly pages: PublicPages,
    @Inject(LOGGER) private readonly logger: Logger,
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
    void reply.header('content-security-policy', portalContentSecurityPolicy(this.settings.GATEWAY_URL));
    return this.sendPage(request, reply, page, await this.findPage(`/${name.replace(/\/+$/, '')}`));
  }

  private async sendPage(
    request: FastifyRequest,
    reply: FastifyReply,
    page: StaticFile,
    found: PortalPage | 'unreadable',
  ): Promise<void> {
    if (found === 'unreadable') return sendFile(unconditional(request), reply.status(503), page, 'no-store');
    if (found.kind === 'public') {
      this.filled ??= new PortalPageFiles(page);
      return sendFile(request, reply, await this.filled.fill(found.parts), REVALIDATE);
    }
    void reply.headers(UNINDEXED);
    if (found.kind === 'application') return sendFile(request, reply, page, REVALIDATE);
    return sendFile(unconditional(request), reply.status(404), page, REVALIDATE);
  }

  /** Without a database people get the application, which says what is wrong, and search engines come again. */
  private async findPage(address: string): Promise<PortalPage | 'unreadable'> {
    try {
      return await this.pages.find(address);
    } catch (err) {
      this.logger.warn({ err }, 'a public page could not be read');
      return 'unreadable';
    }
  }
}

/** What is not there is never just the same as before. */
function unconditional({ headers }: FastifyRequest): Pick<FastifyRequest, 'headers'> {
  const { 'if-none-match': _known, ...others } = headers;
  return { headers: others };
}

function notFound(): NotFoundError {
  return new NotFoundError('route', 'There is nothing at this address.');
}
