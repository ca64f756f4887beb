import { PORTAL_NAME } from '../settings/portal-name.js';
import type { ReadableVersion } from './document-source.js';
import { escapeHtml as text, plainText } from './html.js';
import { type Outline, outlineOf } from './outline.js';

const LOGO =
  '<svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#17697e"/>' +
  '<path d="M9 25V12M9 13.5 24 8" stroke="#fff" stroke-width="3.2" stroke-linecap="round"/>' +
  '<path d="M16 25h8" stroke="#b2dde7" stroke-width="3.2" stroke-linecap="round"/></svg>';
const SUN =
  '<svg class="sun" width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">' +
  '<path d="M12 3a6 6 0 0 0 9 9 9 9 0 1 1-9-9Z"/></svg>';
const MOON =
  '<svg class="moon" width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">' +
  '<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4"/></svg>';

/**
 * The page of one API version: frame, title and an outline that says enough for search engines and for browsers
 * without scripts. The reference itself is rendered in the browser.
 */
export function renderDocsPage(found: ReadableVersion): string {
  const outline = outlineOf(found.document);
  const address = `/api/v1/apis/${encodeURIComponent(found.api.slug)}/versions/${encodeURIComponent(found.name)}/openapi`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(`${found.api.title} ${found.name} · ${PORTAL_NAME}`)}</title>
<meta name="description" content="${text(plainText(outline.description, 160))}">
<meta name="color-scheme" content="light dark">
<link rel="canonical" href="/docs/${encodeURIComponent(found.api.slug)}/${encodeURIComponent(found.name)}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs-files/reference.css">
<link rel="modulepreload" href="/docs-files/redoc.js">
<script type="module" src="/docs-files/reference.js"></script>
</head>
<body>
<header class="bar">
<a class="brand" href="/">${LOGO}<span>${text(PORTAL_NAME)}</span></a>
<a class="wide" href="/docs">All docs</a>
<div class="end">
${versionSwitcher(found)}
<a class="wide" href="${address}.json" download>JSON</a>
<a class="wide" href="${address}.yaml" download>YAML</a>
<button id="scheme" type="button" aria-label="Switch between light and dark mode">${SUN}${MOON}</button>
</div>
</header>
${deprecationBanner(found)}<main id="reference" data-document="${address}.json">
${outlineArticle(outline)}
</main>
</body>
</html>
`;
}

function versionSwitcher({ api, name, versions }: ReadableVersion): string {
  const options = versions.map((version) => {
    const remark = version.state === 'published' ? (version.latest ? ' (latest)' : '') : ` (${version.state})`;
    const selected = version.name === name ? ' selected' : '';
    return `<option value="/docs/${encodeURIComponent(api.slug)}/${encodeURIComponent(version.name)}"${selected}>${text(version.name + remark)}</option>`;
  });
  return `<label><span class="wide">${text(api.title)}</span><select id="version" aria-label="Version">${options.join('')}</select></label>`;
}

function deprecationBanner({ api, state, versions }: ReadableVersion): string {
  if (state === 'published') return '';
  const latest = versions.find((version) => version.latest && version.state === 'published');
  const advice = latest
    ? ` Use <a href="/docs/${encodeURIComponent(api.slug)}/latest">version ${text(latest.name)}</a> instead.`
    : '';
  const words =
    state === 'deprecated' ? 'This version is deprecated and will be switched off.' : 'This version is switched off.';
  return `<p class="banner" role="note">${words}${advice}</p>\n`;
}

function outlineArticle({ title, description, operations }: Outline): string {
  const items = operations.map(
    ({ method, template, summary }) => `<li><code>${text(`${method} ${template}`)}</code> ${text(summary)}</li>`,
  );
  return `<article class="outline">
<h1>${text(title)}</h1>
<p>${text(plainText(description, 600))}</p>
<ul>
${items.join('\n')}
</ul>
</article>`;
}
