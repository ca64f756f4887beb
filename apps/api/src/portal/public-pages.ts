import { NotFoundError } from '#domain';
import type { CatalogProduct } from '#persistence';
import { type ServiceContext, findProduct, findProductTerms, listProducts } from '#services';
import { Inject, Injectable } from '@nestjs/common';
import type { Brand } from '../brand/brand.js';
import { RenderedMarkdown } from '../markup/rendered-markdown.js';
import { KeptStatus } from '../status/kept-status.js';
import { type ApiSettings, BRAND, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { productPage, termsPage } from './product-content.js';
import { type PageParts, type PublicPage, type Site, renderPublicPage } from './public-page.js';
import { agentsPage, docsListPage, homePage, statusPage } from './site-content.js';

/** The application shows all; more than these are slow to make, and few read them. */
const MAX_PRODUCTS = 50;
const OF_PRODUCTS = /^\/products(?:\/|$)/;
const PRODUCT = /^\/products\/([a-z0-9-]{1,63})(\/terms)?$/;

/** What is at an address of the portal: a public page with its content, one of the application alone, or nothing. */
export type PortalPage =
  | { readonly kind: 'public'; readonly parts: PageParts }
  | { readonly kind: 'application' }
  | { readonly kind: 'nothing' };

/**
 * The content of the portal's public pages. Only what anybody may see: of each product the public plans, and no product that has none.
 * Who is signed in makes no difference. Those who ask for a page at the same moment share one reading of it.
 */
@Injectable()
export class PublicPages {
  /** Pages that are being read, by their path. */
  private readonly reading = new Map<string, Promise<PortalPage>>();
  private readonly site: Site;

  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) settings: ApiSettings,
    @Inject(BRAND) brand: Brand,
    @Inject(RenderedMarkdown) private readonly markup: RenderedMarkdown,
    @Inject(KeptStatus) private readonly status: KeptStatus,
  ) {
    this.site = { origin: new URL(settings.PORTAL_URL).origin, brand };
  }

  /** What is at a path, as it is now. Rejects when it cannot be read. */
  find(path: string): Promise<PortalPage> {
    const under = this.reading.get(path);
    if (under) return under;
    const found = this.read(path).finally(() => this.reading.delete(path));
    this.reading.set(path, found);
    return found;
  }

  private async read(path: string): Promise<PortalPage> {
    try {
      const page = await this.pageAt(path);
      return page === null ? { kind: 'application' } : { kind: 'public', parts: renderPublicPage(page, this.site) };
    } catch (error) {
      if (error instanceof NotFoundError) return { kind: 'nothing' };
      throw error;
    }
  }

  /** Null for a page that the application alone shows. */
  private async pageAt(path: string): Promise<PublicPage | null> {
    if (OF_PRODUCTS.test(path)) return this.pageOfProduct(PRODUCT.exec(path));
    switch (path) {
      case '/': {
        const { products, hasMore } = await this.products();
        return homePage(products, hasMore, this.site);
      }
      case '/docs': {
        const { products, hasMore } = await this.products();
        return docsListPage(products, hasMore);
      }
      case '/status':
        return statusPage(await this.status.read());
      case '/agents':
        return agentsPage(this.site.origin);
      default:
        return null;
    }
  }

  private async pageOfProduct(match: RegExpExecArray | null): Promise<PublicPage | null> {
    if (!match) throw new NotFoundError('product');
    const product = await findProduct(this.context, match[1]!);
    const terms = match[2] === undefined ? null : await findProductTerms(this.context, product.slug, null);
    if (!isPublic(product)) return null;
    if (terms) return termsPage(product, terms);
    return productPage(product, this.markup.render(product.description), this.site.origin);
  }

  private async products(): Promise<{ readonly products: readonly CatalogProduct[]; readonly hasMore: boolean }> {
    const found = await listProducts(this.context, { limit: MAX_PRODUCTS + 1 });
    return { products: found.slice(0, MAX_PRODUCTS).filter(isPublic), hasMore: found.length > MAX_PRODUCTS };
  }
}

/** Somebody can subscribe to it without being invited. */
function isPublic({ plans }: CatalogProduct): boolean {
  return plans.length > 0;
}
