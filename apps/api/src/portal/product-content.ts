import type { ProductTerms } from '#domain';
import type { CatalogProduct } from '#persistence';
import { docsPath } from '../docs/docs-page.js';
import { escapeHtml as text, plainText } from '../docs/html.js';
import { type PublicPage, pageHeader } from './public-page.js';
import { dataOfProduct, productPath } from './structured-data.js';
import { chargeWords, planWords } from './words/plan-words.js';

const DESCRIPTION_LENGTH = 160;

/** The page of a product: what it is, what its public plans cost, which calls are billed, and where it is documented. */
export function productPage(product: CatalogProduct, descriptionHtml: string, origin: string): PublicPage {
  const { slug, title, summary, description, publisher, termsVersion, plans } = product;
  const terms = termsVersion === null ? '' : ` · <a href="${productPath(slug)}/terms">Terms</a>`;
  return {
    title,
    description: summary === '' ? plainText(description, DESCRIPTION_LENGTH) : summary,
    path: productPath(slug),
    data: dataOfProduct(product, origin),
    content: `<div class="sent-wide sent-page">
${pageHeader(title, summary, { href: '/', words: 'Products' })}
${descriptionHtml === '' ? '' : `<section class="prose" aria-label="Overview">\n<h2 class="visually-hidden">Overview</h2>\n${descriptionHtml}</section>\n`}<p class="sent-small">Published by ${text(publisher.name)}${terms}</p>
<section><h2>Plans</h2>
<div class="sent-plans">
${plans.map((plan) => planCard(plan, product)).join('\n')}
</div></section>
<section><h2>Which calls are billed</h2>
<p>${text(chargeWords(plans.map(({ version }) => version.definition)))} Prices are before tax.</p></section>
<section><h2>Documentation</h2>
${versionList(product)}</section>
</div>`,
  };
}

function planCard({ title, summary, version }: CatalogProduct['plans'][number], { meters }: CatalogProduct): string {
  const { amount, per, terms, included, usage, quotas } = planWords(version.definition, meters);
  const row = (label: string, lines: readonly string[], none: string) =>
    `<div><dt>${label}</dt>${(lines.length === 0 ? [none] : lines).map((line) => `<dd>${text(line)}</dd>`).join('')}</div>`;
  return `<article class="sent-card"><h3>${text(title)}</h3>
<p><b class="sent-amount">${text(amount)}</b> ${text(per)}${terms === '' ? '' : `<br>${text(terms)}`}</p>
${summary === '' ? '' : `<p>${text(summary)}</p>\n`}<dl>${row('Included', included, amount === 'Free' ? 'All usage' : 'Nothing')}${row('Usage', usage, 'No charge')}${row('Quota', quotas, 'No limit')}</dl></article>`;
}

/** Every version of the product's APIs that anybody may read of, as links to the reference. */
export function versionList({ apis }: Pick<CatalogProduct, 'apis'>): string {
  const items = apis.flatMap((api) =>
    api.versions.map(({ name, state, latest }) => {
      const remark = state === 'published' ? (latest ? ' (latest)' : '') : ` (${state})`;
      return `<li><a href="${docsPath(api.slug, name)}">${text(`${api.title} ${name}`)}</a>${remark}</li>`;
    }),
  );
  return `<ul>\n${items.join('\n')}\n</ul>\n`;
}

/** The terms of a product that are in force: plain text, whose empty lines separate paragraphs. */
export function termsPage({ slug, title }: CatalogProduct, terms: ProductTerms): PublicPage {
  const day = terms.publishedAt.toISOString().slice(0, 10);
  const paragraphs = terms.text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  const named = `Terms of ${title}`;
  return {
    title: named,
    description: plainText(terms.text, DESCRIPTION_LENGTH),
    path: `${productPath(slug)}/terms`,
    data: null,
    content: `<div class="sent-wide sent-page">
${pageHeader(named, `Version ${terms.version}, since ${day}`, { href: productPath(slug), words: title })}
${paragraphs.map((paragraph) => `<p class="sent-text">${text(paragraph.trim())}</p>`).join('\n')}
</div>`,
  };
}
