import type { ChangeSeverity, ChangedOperation, DocumentChange } from '#openapi';
import type { Brand } from '../brand/brand.js';
import { type VersionComparison, countBySeverity } from '#services';
import { renderDocsFrame } from './docs-frame.js';
import { docsPath, feedLink } from './docs-page.js';
import { escapeHtml as text } from './html.js';

/** More on one page are slow to lay out; the others are in the API's answer. */
const MAX_SHOWN = 2_000;

const SEVERITIES: Readonly<Record<ChangeSeverity, string>> = {
  breaking: 'Breaking',
  non_breaking: 'Not breaking',
  docs: 'Docs only',
};

/** What changed between two versions, by operation; only the changes of one kind, or all for null. */
export function renderChangesPage(compared: VersionComparison, shown: ChangeSeverity | null, brand: Brand): string {
  const { api, from, to, changes } = compared;
  const listed = shown === null ? changes : changes.filter(({ severity }) => severity === shown);
  const title = `${api.title}: changes from ${from.name} to ${to.name}`;
  return renderDocsFrame(brand, {
    title,
    description: summaryOf(compared),
    canonical: pageAddress(compared, null),
    head: feedLink(api),
    bar: `<a href="${docsPath(api.slug, to.name)}">Reference</a>`,
    body: `<main class="changes">
<h1>What changed in ${text(api.title)}</h1>
<p class="lead">${text(summaryOf(compared))}</p>
${versionForm(compared, shown)}
${filterLinks(compared, shown)}
${listed.length === 0 ? emptyWords(compared, shown) : groupsOf(listed.slice(0, MAX_SHOWN), compared)}
${listed.length > MAX_SHOWN || compared.isCutShort ? '<p class="more">There are more changes than are shown here.</p>' : ''}
</main>`,
  });
}

/** How much changed, in a sentence. */
export function summaryOf({
  from,
  to,
  changes,
  isCutShort,
}: Pick<VersionComparison, 'from' | 'to' | 'changes' | 'isCutShort'>): string {
  if (changes.length === 0) return `Nothing that callers can notice differs between ${from.name} and ${to.name}.`;
  const counts = countBySeverity(changes);
  const parts = [
    `${counts.breaking} breaking`,
    `${counts.non_breaking} not breaking`,
    `${counts.docs} of the documentation only`,
  ];
  return `From ${from.name} to ${to.name} there are ${isCutShort ? 'more than ' : ''}${changes.length} changes: ${parts.join(', ')}.`;
}

function pageAddress({ api, from, to }: VersionComparison, shown: ChangeSeverity | null): string {
  const query = new URLSearchParams({ from: from.name, to: to.name, ...(shown && { show: shown }) });
  return `/docs/${encodeURIComponent(api.slug)}/changes?${query.toString()}`;
}

function versionForm({ versions, from, to }: VersionComparison, shown: ChangeSeverity | null): string {
  const select = (name: string, label: string, chosen: string) =>
    `<label>${label} <select name="${name}">${versions
      .map((version) => {
        const selected = version.name === chosen ? ' selected' : '';
        return `<option value="${text(version.name)}"${selected}>${text(version.name)}${version.latest ? ' (latest)' : ''}</option>`;
      })
      .join('')}</select></label>`;
  return `<form method="get" class="versions" data-sends-itself>
${select('from', 'From', from.name)}
${select('to', 'To', to.name)}
${shown === null ? '' : `<input type="hidden" name="show" value="${shown}">`}
<noscript><button type="submit">Compare</button></noscript>
</form>`;
}

function filterLinks(compared: VersionComparison, shown: ChangeSeverity | null): string {
  const counts = countBySeverity(compared.changes);
  const link = (value: ChangeSeverity | null, words: string, count: number) =>
    `<a href="${text(pageAddress(compared, value))}"${value === shown ? ' aria-current="true"' : ''}>${words} <span>${count}</span></a>`;
  const links = Object.entries(SEVERITIES).map(([severity, words]) => {
    return link(severity as ChangeSeverity, words, counts[severity as ChangeSeverity]);
  });
  return `<nav class="filter" aria-label="Kinds of changes">${link(null, 'All', compared.changes.length)}${links.join('')}</nav>`;
}

function emptyWords({ from, to }: VersionComparison, shown: ChangeSeverity | null): string {
  const kind =
    shown === null ? 'Nothing that callers can notice' : `Nothing of the kind “${SEVERITIES[shown].toLowerCase()}”`;
  return `<p class="none">${text(`${kind} differs between ${from.name} and ${to.name}.`)}</p>`;
}

/** A heading for each operation, in the order of the changes. */
function groupsOf(changes: readonly DocumentChange[], compared: VersionComparison): string {
  const groups = Map.groupBy(changes, ({ operation }) =>
    operation ? `${operation.method} ${operation.template}` : '',
  );
  return [...groups.values()].map((group) => groupOf(group, compared)).join('\n');
}

function groupOf(changes: readonly DocumentChange[], compared: VersionComparison): string {
  const operation = changes[0]?.operation ?? null;
  const items = changes.map(
    ({ severity, place, message }) =>
      `<li><span class="kind" data-kind="${severity}">${SEVERITIES[severity]}</span><span class="words">${place === '' ? '' : `<code>${text(place)}</code> `}${text(message)}</span></li>`,
  );
  return `<section>
<h2>${operation === null ? 'The API as a whole' : operationHeading(operation, changes, compared)}</h2>
<ul>${items.join('\n')}</ul>
</section>`;
}

function operationHeading(
  operation: ChangedOperation,
  changes: readonly DocumentChange[],
  { api, from, to }: VersionComparison,
): string {
  const words = `<code><b>${operation.method}</b> ${text(operation.template)}</code>`;
  const isGone = changes.some(({ rule }) => rule === 'operation_removed');
  const version = isGone ? from.name : to.name;
  if (operation.operationId === null || operation.method === 'WEBHOOK') return words;
  return `<a href="${docsPath(api.slug, version)}${operationAnchor(operation.operationId)}">${words}</a>`;
}

/** Where Redoc shows an operation. */
function operationAnchor(operationId: string): string {
  return `#operation/${encodeURIComponent(operationId)}`;
}
