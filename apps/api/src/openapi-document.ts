import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { buildApiDocument } from './contract/api-document.js';
import { controllers } from './controllers.js';
import { DocumentSource } from './docs/document-source.js';
import { Sitemaps } from './docs/sitemaps.js';
import { VersionChanges } from './docs/version-changes.js';
import { McpPortal } from './mcp/mcp-portal.js';
import { RenderedMarkdown } from './markup/rendered-markdown.js';
import { PublicPages } from './portal/public-pages.js';
import { KeptStatus } from './status/kept-status.js';
import * as tokens from './tokens.js';
import { GatewayCaller } from './try-it/gateway-caller.js';

/** The routes without anything behind them: describing them needs neither a database nor settings. */
@Module({
  controllers,
  providers: [
    DocumentSource,
    GatewayCaller,
    KeptStatus,
    McpPortal,
    PublicPages,
    RenderedMarkdown,
    Sitemaps,
    VersionChanges,
    ...Object.values(tokens),
  ].map((token) => ({
    provide: token,
    useValue: null,
  })),
})
class RoutesModule {}

/** The OpenAPI document as it is committed: two spaces, a newline at the end. */
export async function renderApiDocument(): Promise<string> {
  const app = await NestFactory.create(RoutesModule, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return `${JSON.stringify(buildApiDocument(app), null, 2)}\n`;
}
