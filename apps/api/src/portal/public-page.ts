import type { Brand } from '../brand/brand.js';
import { LOGO, brandLinks } from '../brand/brand-html.js';
import { escapeHtml as text } from '../docs/html.js';

/** What a page of the portal says to those who run no scripts, and to everybody until the application is there. */
export interface PublicPage {
  /** Of its own; the portal's name is put behind it. Empty for the portal itself. */
  readonly title: string;
  /** Plain text, a sentence or two. */
  readonly description: string;
  /** Its one address, as a path. */
  readonly path: string;
  /** HTML of all between the bar and the footer. */
  readonly content: string;
  /** What it is about, in the words of schema.org; null for nothing. */
  readonly data: object | null;
}

/** Where pages are, and under whose name. */
export interface Site {
  readonly origin: string;
  readonly brand: Brand;
}

/** What stands in the place of the marks of the application's page. */
export interface PageParts {
  readonly head: string;
  readonly content: string;
}

/** The parts of a page. What is not HTML already is escaped. */
export function renderPublicPage(page: PublicPage, { origin, brand }: Site): PageParts {
  const { title, description, path, content, data } = page;
  const named = title === '' ? brand.name : title;
  const address = text(origin + path);
  return {
    head: `<title>${text(title === '' ? brand.name : `${title} · ${brand.name}`)}</title>
    <meta name="description" content="${text(description)}" data-sent />
    <link rel="canonical" href="${address}" data-sent />
    <meta property="og:type" content="website" data-sent />
    <meta property="og:site_name" content="${text(brand.name)}" data-sent />
    <meta property="og:title" content="${text(named)}" data-sent />
    <meta property="og:description" content="${text(description)}" data-sent />
    <meta property="og:url" content="${address}" data-sent />
    <meta name="twitter:card" content="summary" data-sent />
    ${data === null ? '' : `<script type="application/ld+json" data-sent>${jsonInHtml(data)}</script>`}`,
    content: `<div class="sent">
<a class="skip-link" href="#content">Skip to content</a>
<header class="sent-bar"><div class="sent-wide">
<a class="sent-brand" href="/">${LOGO}<span>${text(brand.name)}</span></a>
<nav aria-label="Main"><a href="/">Products</a><a href="/docs">Docs</a></nav>
</div></header>
<main id="content" tabindex="-1">
${content}
</main>
<footer class="sent-footer"><div class="sent-wide">
<span>${text(brand.name)}</span>
<nav aria-label="Footer"><a href="/docs">Docs</a><a href="/agents">AI agents</a><a href="/feed.atom">Change log feed</a><a href="/docs/tollgate/v1">Portal API</a><a href="/status">Status</a>${brandLinks(brand.links)}</nav>
</div></footer>
</div>`,
  };
}

/** The head of a page below the bar: its only h1, a line about it, and a link to the page above. */
export function pageHeader(
  title: string,
  lead: string,
  above?: { readonly href: string; readonly words: string },
): string {
  const link = above ? `<p class="sent-above"><a href="${text(above.href)}">${text(above.words)}</a></p>\n` : '';
  return `${link}<h1>${text(title)}</h1>\n${lead === '' ? '' : `<p class="sent-lead">${text(lead)}</p>`}`;
}

/** JSON that no text in it can end: it stands in a script element as data, which nothing runs. */
function jsonInHtml(data: object): string {
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
