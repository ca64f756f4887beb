import type { PublishedApiVersion } from '#persistence';
import type { VersionComparison } from '#services';
import { summaryOf } from './changes-page.js';
import { docsPath } from './docs-page.js';
import { escapeHtml as text } from './html.js';

/** Breaking changes that an entry names; the page has all. */
const MAX_NAMED = 20;

/** A version that was published, with what changed since the one before it; null for the first one. */
export interface Release extends PublishedApiVersion {
  readonly compared: VersionComparison | null;
}

interface FeedFacts {
  /** What the portal is called. */
  readonly portalName: string;
  /** Of the portal, without a slash at the end. */
  readonly origin: string;
  /** Its own path. */
  readonly path: string;
  /** The API that it is about, or null for all. */
  readonly about: string | null;
}

/** An Atom feed (RFC 4287) of published versions, the newest first. Its ids do not depend on where the portal is. */
export function renderReleaseFeed(
  releases: readonly Release[],
  { portalName, origin, path, about }: FeedFacts,
): string {
  const updated = releases[0]?.publishedAt.toISOString() ?? '1970-01-01T00:00:00Z';
  const title = about === null ? `${portalName}: API versions` : `${portalName}: versions of ${about}`;
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:tollgate:releases${about === null ? '' : `:${xml(encodeURIComponent(about))}`}</id>
<title>${xml(title)}</title>
<updated>${updated}</updated>
<author><name>${xml(portalName)}</name></author>
<link rel="self" type="application/atom+xml" href="${xml(origin + path)}"/>
<link rel="alternate" type="text/html" href="${xml(`${origin}/docs`)}"/>
${releases.map((release) => entryOf(release, origin)).join('\n')}
</feed>
`;
}

function entryOf(release: Release, origin: string): string {
  const { id, api, name, publishedAt, previous, compared } = release;
  const at = publishedAt.toISOString();
  const changes = `/docs/${encodeURIComponent(api.slug)}/changes?to=${encodeURIComponent(name)}`;
  const href = origin + (previous === null ? docsPath(api.slug, name) : changes);
  return `<entry>
<id>urn:uuid:${id}</id>
<title>${xml(`${api.title} ${name}`)}</title>
<published>${at}</published>
<updated>${at}</updated>
<link rel="alternate" type="text/html" href="${xml(href)}"/>
<content type="html">${xml(contentOf(compared))}</content>
</entry>`;
}

/** HTML, in which texts of documents are only text. */
function contentOf(compared: VersionComparison | null): string {
  if (compared === null) return '<p>The first version.</p>';
  const breaking = compared.changes.filter(({ severity }) => severity === 'breaking');
  const items = breaking.slice(0, MAX_NAMED).map(({ operation, place, message }) => {
    const where = [operation ? `${operation.method} ${operation.template}` : '', place].filter((part) => part !== '');
    return `<li>${text(`${where.join(', ')}: ${message}`)}</li>`;
  });
  const more = breaking.length > MAX_NAMED ? `<p>and ${breaking.length - MAX_NAMED} more.</p>` : '';
  return `<p>${text(summaryOf(compared))}</p>${items.length > 0 ? `<ul>${items.join('')}</ul>${more}` : ''}`;
}

/** Text as a part of XML: escaped, and without the characters that XML 1.0 has no form for. */
function xml(value: string): string {
  return text(value.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}'));
}
