import { type ServiceContext, listProducts } from '#services';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Public } from '../access/access.js';
import { productList } from '../catalog/product.schema.js';
import { toProduct } from '../catalog/to-product.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { renderLlmsText, renderSitemap } from './site-files.js';

/** What programs look for at the root of a site. Only what anybody may see. */
@ApiTags('Documentation')
@Public()
@Controller()
export class SiteFilesController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('llms.txt')
  @AnswersWith('text/plain', { summary: 'What language models read first' })
  async readLlmsText(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', 'text/plain; charset=utf-8');
    const gatewayUrl = this.settings.GATEWAY_URL;
    return renderLlmsText(await listProducts(this.context), { origin: this.origin(), gatewayUrl });
  }

  @Get('plans.json')
  @Answers(productList, { summary: 'All API products with their plans and prices' })
  async readPlans(): Promise<z.input<typeof productList>> {
    return { products: (await listProducts(this.context)).map(toProduct) };
  }

  @Get('sitemap.xml')
  @AnswersWith('application/xml', { summary: 'The pages that anybody can read' })
  async readSitemap(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', 'application/xml; charset=utf-8');
    return renderSitemap(await listProducts(this.context), this.origin());
  }

  @Get('robots.txt')
  @AnswersWith('text/plain', { summary: 'What search engines may read' })
  readRobots(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('content-type', 'text/plain; charset=utf-8');
    return `User-agent: *\nDisallow: /api/\nDisallow: /dashboard\nSitemap: ${this.origin()}/sitemap.xml\n`;
  }

  private origin(): string {
    return new URL(this.settings.PORTAL_URL).origin;
  }
}
