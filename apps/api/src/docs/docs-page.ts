import type { Brand } from '../brand/brand.js';
import type { ReadableVersion } from './document-source.js';
import { renderDocsFrame } from './docs-frame.js';
import { escapeHtml as text, plainText } from './html.js';
import { type Outline, outlineOf } from './outline.js';

/**
 * The page of one API version: frame, title and an outline that says enough for search engines and for browsers
 * without scripts. The reference itself is rendered in the browser.
 */
export function renderDocsPage(found: ReadableVersion, brand: Brand): string {
  const outline = outlineOf(found.document);
  const { api, name } = found;
  const address = `/api/v1/apis/${encodeURIComponent(api.slug)}/versions/${encodeURIComponent(name)}/openapi`;
  const changes = `<a href="/docs/${encodeURIComponent(api.slug)}/changes?to=${encodeURIComponent(name)}">Changes</a>`;
  return renderDocsFrame(brand, {
    title: `${api.title} ${name}`,
    description: plainText(outline.description, 160),
    canonical: docsPath(api.slug, name),
    head:
      feedLink(api) +
      '<link rel="modulepreload" href="/docs-files/redoc.js">\n<script type="module" src="/docs-files/reference.js"></script>\n',
    bar: versionSwitcher(found),
    links: `${found.versions.length > 1 ? `${changes}\n` : ''}<a href="${address}.json" download>JSON</a>
<a href="${address}.yaml" download>YAML</a>
<a href="?print" target="_blank">Print</a>`,
    body: `${deprecationBanner(found)}<main id="reference" data-document="${address}.json"${callable(found)}>
${outlineArticle(outline, found.guides)}
</main>`,
  });
}

/** What the page needs for trying out calls: nothing where there is no gateway to call, or none that serves the version. */
function callable({ api, name, state, isOwn }: ReadableVersion): string {
  return isOwn || state === 'retired' ? '' : ` data-api="${text(api.slug)}" data-version="${text(name)}"`;
}

/** Where the reference of a version is. */
export function docsPath(api: string, version: string): string {
  return `/docs/${encodeURIComponent(api)}/${encodeURIComponent(version)}`;
}

/** How feed readers find the feed of an API. */
export function feedLink({ slug, title }: ReadableVersion['api']): string {
  return `<link rel="alternate" type="application/atom+xml" title="${text(`Versions of ${title}`)}" href="/docs/${encodeURIComponent(slug)}/feed.atom">\n`;
}

function versionSwitcher({ api, name, versions }: ReadableVersion): string {
  const options = versions.map((version) => {
    const remark = version.state === 'published' ? (version.latest ? ' (latest)' : '') : ` (${version.state})`;
    const selected = version.name === name ? ' selected' : '';
    return `<option value="${docsPath(api.slug, version.name)}"${selected}>${text(version.name + remark)}</option>`;
  });
  return `<label><span class="wide">${text(api.title)}</span><select id="version" aria-label="Version">${options.join('')}</select></label>`;
}

function deprecationBanner({ api, name, state, sunsetOn, versions }: ReadableVersion): string {
  if (state === 'published') return '';
  const latest = versions.find((version) => version.latest && version.state === 'published');
  const advice = latest
    ? ` Use <a href="${docsPath(api.slug, 'latest')}">version ${text(latest.name)}</a> instead: <a href="/docs/${encodeURIComponent(api.slug)}/changes?from=${encodeURIComponent(name)}&amp;to=${encodeURIComponent(latest.name)}">what changed</a>.`
    : '';
  const day = sunsetOn === null ? '' : ` on <time datetime="${sunsetOn}">${dayInWords(sunsetOn)}</time>`;
  const words =
    state === 'deprecated'
      ? `This version is deprecated and will be switched off${day}.`
      : 'This version is switched off.';
  return `<p class="banner" role="note">${words}${advice}</p>\n`;
}

/** "31 March 2027": the same day wherever the reader is. */
function dayInWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(day));
}

function outlineArticle({ title, description, operations }: Outline, guides: ReadableVersion['guides']): string {
  const chapters = guides.map(
    (guide) => `<section><h2>${text(guide.title)}</h2><p>${text(plainText(guide.markdown, 2_000))}</p></section>\n`,
  );
  const items = operations.map(
    ({ method, template, summary }) => `<li><code>${text(`${method} ${template}`)}</code> ${text(summary)}</li>`,
  );
  return `<article class="outline">
<h1>${text(title)}</h1>
<p>${text(plainText(description, 600))}</p>
${chapters.join('')}<ul>
${items.join('\n')}
</ul>
</article>`;
}
