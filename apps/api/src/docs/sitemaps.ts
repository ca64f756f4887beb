import { type ServiceContext, countPublicPages, listPublicPages } from '#services';
import { Inject, Injectable } from '@nestjs/common';
import { Kept } from '../static/kept.js';
import { Recent } from '../static/recent.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { PLACES_OF_A_FILE, renderSitemap, sitemapFiles } from './sitemap.js';

/** Of 50,000 addresses each. */
const FILES_KEPT = 2;

/** The addresses of all public pages, in files as large as search engines take. Kept for a moment, as they are long. */
@Injectable()
export class Sitemaps {
  private readonly count = new Kept(() => countPublicPages(this.context));
  private readonly kept = new Recent<Kept<string>>(FILES_KEPT);
  private readonly origin: string;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) settings: ApiSettings,
  ) {
    this.origin = new URL(settings.PORTAL_URL).origin;
  }

  /** How many files there are; at least one. */
  async files(): Promise<number> {
    return sitemapFiles(await this.count.read());
  }

  /** The file of that number, from 1 on. */
  file(number: number): Promise<string> {
    return this.kept.get(String(number), () => new Kept(() => this.make(number))).read();
  }

  private async make(number: number): Promise<string> {
    const slice = { offset: (number - 1) * PLACES_OF_A_FILE, limit: PLACES_OF_A_FILE };
    return renderSitemap(await listPublicPages(this.context, slice), this.origin, number === 1);
  }
}
