import type { Brand } from '../brand/brand.js';
import { LOGO, brandLinks } from '../brand/brand-html.js';
import { escapeHtml as text } from './html.js';

const SUN =
  '<svg class="sun" width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">' +
  '<path d="M12 3a6 6 0 0 0 9 9 9 9 0 1 1-9-9Z"/></svg>';
const MOON =
  '<svg class="moon" width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">' +
  '<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4"/></svg>';

/** A documentation page; what is HTML already says so. */
export interface DocsFrame {
  readonly title: string;
  readonly description: string;
  /** Its one address, as a path. */
  readonly canonical: string;
  /** HTML of the head that this page alone has. */
  readonly head?: string;
  /** HTML at the right of the bar. */
  readonly bar: string;
  /** HTML of links beside it; on phones they have a row of their own, which scrolls away. */
  readonly links?: string;
  /** HTML of all below the bar. */
  readonly body: string;
}

/** The whole page, with the portal's name, bar, fonts and colours. */
export function renderDocsFrame(brand: Brand, frame: DocsFrame): string {
  const { title, description, canonical, head = '', bar, links = '', body } = frame;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(`${title} · ${brand.name}`)}</title>
<meta name="description" content="${text(description)}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="${text(brand.name)}">
<meta property="og:title" content="${text(title)}">
<meta property="og:description" content="${text(description)}">
<meta name="color-scheme" content="light dark">
<link rel="canonical" href="${text(canonical)}">
<link rel="icon" href="/brand/logo">
<link rel="stylesheet" href="/docs-files/reference.css">
<link rel="stylesheet" href="/brand/theme.css">
<script type="module" src="/docs-files/frame.js"></script>
${head}</head>
<body>
<header class="bar">
<a class="brand" href="/">${LOGO}<span>${text(brand.name)}</span></a>
<a class="wide" href="/docs">All docs</a>
<div class="end">
${bar}
${links === '' ? '' : `<span class="wide links">${links}</span>\n`}<button id="scheme" type="button" aria-label="Switch between light and dark mode">${SUN}${MOON}</button>
</div>
</header>
<nav class="narrow links" aria-label="More">
<a href="/docs">All docs</a>
${links}
</nav>
${body}
${footer(brand)}</body>
</html>
`;
}

/** Only where the operator has something to say: all else is a step away, at the top. */
function footer({ links }: Brand): string {
  return links.length === 0
    ? ''
    : `<footer class="foot"><nav aria-label="Footer">${brandLinks(links)}</nav></footer>\n`;
}
