import type { ServiceStatus } from '#domain';
import type { CatalogProduct } from '#persistence';
import { docsPath } from '../docs/docs-page.js';
import { escapeHtml as text } from '../docs/html.js';
import { versionList } from './product-content.js';
import { type PublicPage, type Site, pageHeader } from './public-page.js';
import { dataOfPortal, productPath } from './structured-data.js';
import { callsWords, statusWords, usageWords } from './words/status-words.js';
import { startingPriceWords } from './words/plan-words.js';

/** The same words as the application has. */
const TAGLINE =
  'Sign up, choose a plan and get a key. Every request shows up within seconds, with what it costs, and the invoice says exactly what the plan says.';

/** The portal itself: the catalogue of its products, of which there may be more than are shown. */
export function homePage(products: readonly CatalogProduct[], hasMore: boolean, { origin, brand }: Site): PublicPage {
  const named = products.slice(0, 5).map(({ title }) => title);
  return {
    title: '',
    description: `API products with documentation, plans, keys and usage${named.length > 0 ? `: ${named.join(', ')}` : ''}.`,
    path: '/',
    data: dataOfPortal(products, origin, brand.name),
    content: `<div class="sent-hero"><div class="sent-wide">
<h1>Start building with ${text(brand.name)}.</h1>
<p>${text(brand.tagline ?? TAGLINE)}</p>
<p><a href="/sign-up">Get started</a> <a href="/docs">Read the docs</a></p>
</div></div>
<section class="sent-wide sent-section"><h2>API products</h2>
${products.length === 0 ? '<p>As soon as a product team publishes one, it appears here with its plans.</p>' : `<div class="sent-cards">\n${products.map(productCard).join('\n')}\n</div>`}
${hasMore ? '<p>There are more: <a href="/plans.json">all products</a>.</p>' : ''}
</section>`,
  };
}

function productCard({ slug, title, summary, tags, apis, plans }: CatalogProduct): string {
  const [latest] = apis.flatMap((api) =>
    api.versions.filter((version) => version.latest).map(({ name }) => docsPath(api.slug, name)),
  );
  const list = tags.length === 0 ? '' : `<p class="sent-small">${tags.map((tag) => text(tag)).join(' · ')}</p>\n`;
  const docs =
    latest === undefined
      ? ''
      : ` <a href="${latest}">Read the docs<span class="visually-hidden"> of ${text(title)}</span></a>`;
  return `<article class="sent-card"><h3><a href="${productPath(slug)}">${text(title)}</a></h3>
<p class="sent-lead">${text(summary)}</p>
${list}<p><b>${text(startingPriceWords(plans.map(({ version }) => version.definition)))}</b></p>
<p><a href="${productPath(slug)}">Plans<span class="visually-hidden"> of ${text(title)}</span></a>${docs}</p></article>`;
}

/** All documentation, by product. */
export function docsListPage(products: readonly CatalogProduct[], hasMore: boolean): PublicPage {
  const sections = products.map(
    (product) => `<section class="sent-card"><h2>${text(product.title)}</h2>
${product.summary === '' ? '' : `<p class="sent-lead">${text(product.summary)}</p>\n`}${versionList(product)}</section>`,
  );
  const lead = 'Every operation of every API, with its parameters and answers.';
  return {
    title: 'Documentation',
    description: lead,
    path: '/docs',
    data: null,
    content: `<div class="sent-wide sent-page sent-narrow">
${pageHeader('Documentation', lead)}
${sections.join('\n')}
${hasMore ? '<p>There are more: <a href="/llms.txt">all documents</a>.</p>\n' : ''}<section class="sent-card"><h2>This portal</h2>
<p class="sent-lead">All that the portal does can be done with its own API.</p>
<ul><li><a href="/docs/tollgate/v1">Portal API v1</a></li></ul></section>
</div>`,
  };
}

/** How the service is. */
export function statusPage(status: ServiceStatus & { readonly at: Date }): PublicPage {
  const lead = 'How the APIs and their usage are right now.';
  return {
    title: 'Status',
    description: lead,
    path: '/status',
    data: null,
    content: `<div class="sent-wide sent-page sent-narrow">
${pageHeader('Status', lead)}
<p><b>${statusWords(status)}</b></p>
<section class="sent-card"><h2>API calls</h2>
<p>${callsWords[status.calls]}</p></section>
<section class="sent-card"><h2>Usage and billing</h2>
<p>${usageWords[status.usage]}</p></section>
<p class="sent-small">As of <time datetime="${status.at.toISOString()}">${status.at.toISOString().slice(0, 16).replace('T', ' ')} UTC</time></p>
</div>`,
  };
}

/** How agents use the portal. */
export function agentsPage(origin: string): PublicPage {
  const lead =
    'Agents find APIs here, read their documentation and call them with your key, under your plan, by the Model Context Protocol (MCP).';
  return {
    title: 'Use with an AI agent',
    description: lead,
    path: '/agents',
    data: null,
    content: `<div class="sent-wide sent-page sent-narrow">
${pageHeader('Use with an AI agent', lead, { href: '/docs', words: 'Documentation' })}
<section class="sent-card"><h2>Connect</h2>
<p>The transport is Streamable HTTP. Reading needs no key. The address is <code>${text(`${origin}/mcp`)}</code>.</p></section>
</div>`,
  };
}
