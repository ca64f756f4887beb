import { NotFoundError } from '#domain';
import { type ServiceContext, listProducts } from '#services';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.js';
import { productList } from '../catalog/product.schema.js';
import { toProduct } from '../catalog/to-product.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { Kept } from '../static/kept.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { renderLlmsText } from './site-files.js';
import { renderRobots, renderSitemapIndex } from './sitemap.js';
import { Sitemaps } from './sitemaps.js';

const sitemapFile = z
  .string()
  .regex(/^[1-9]\d{0,4}\.xml$/)
  .transform((name) => Number.parseInt(name, 10));

/** What programs look for at the root of a site. Only what anybody may see. */
@ApiTags('Documentation')
@Public()
@Controller()
export class SiteFilesController {
  /** The whole catalogue, for everybody who asks at about the same time. */
  private readonly products = new Kept(() => listProducts(this.context));

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(Sitemaps) private readonly sitemaps: Sitemaps,
  ) {}

  @Get('llms.txt')
  @AnswersWith('text/plain', { summary: 'What language models read first' })
  async readLlmsText(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', 'text/plain; charset=utf-8');
    const { GATEWAY_URL: gatewayUrl, PORTAL_NAME: portalName } = this.settings;
    return renderLlmsText(await this.products.read(), { portalName, origin: this.origin(), gatewayUrl });
  }

  @Get('plans.json')
  @Answers(productList, { summary: 'All API products with their plans and prices' })
  async readPlans(): Promise<z.input<typeof productList>> {
    return { products: (await this.products.read()).map(toProduct) };
  }

  @Get('sitemap.xml')
  @AnswersWith('application/xml', { summary: 'The pages that anybody can read, or the files that name them' })
  async readSitemap(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const files = await this.sitemaps.files();
    void reply.header('content-type', 'application/xml; charset=utf-8');
    return files === 1 ? this.sitemaps.file(1) : renderSitemapIndex(files, this.origin());
  }

  @Get('sitemaps/:file')
  @AnswersWith('application/xml', {
    summary: 'A part of the pages that anybody can read',
    description: 'At most 50,000 addresses. The index is /sitemap.xml.',
  })
  async readSitemapFile(
    @Param('file', { schema: sitemapFile }) file: z.output<typeof sitemapFile>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (file > (await this.sitemaps.files())) throw new NotFoundError('file');
    void reply.header('content-type', 'application/xml; charset=utf-8');
    return this.sitemaps.file(file);
  }

  @Get('robots.txt')
  @AnswersWith('text/plain', { summary: 'What search engines may read' })
  readRobots(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('content-type', 'text/plain; charset=utf-8');
    return renderRobots(this.origin());
  }

  private origin(): string {
    return new URL(this.settings.PORTAL_URL).origin;
  }
}
