/**
 * Puts Redoc in the place of the outline that the server has sent; without a script, the outline stays. Links of the form
 * `#operation/getCountry`, which hold whatever an operation is filed under, are brought to where Redoc has the operation.
 * Each operation gets a link `?try=getCountry`, which opens a panel that makes the call; as an address it opens the page with
 * that panel. With `?print` all of it is drawn, and printed. What Redoc's markup lacks for keyboards and screen readers is mended
 * as it draws.
 */
export const REFERENCE_SCRIPT = `
const place = document.querySelector('#reference');
const { document: address, api, version } = place.dataset;
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

// As Redoc names its places: by tag and operation.
function slugOf(text) {
  return text.toLowerCase().trim().replace(/[^\\p{L}\\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}

function* operationsOf(specification) {
  for (const [template, item] of Object.entries(specification.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item?.[method];
      if (typeof operation === 'object' && operation !== null) yield { template, method, operation };
    }
  }
}

// An operation's id, else "METHOD /template".
function nameOf({ template, method, operation }) {
  const { operationId } = operation;
  return typeof operationId === 'string' && operationId !== '' ? operationId : method.toUpperCase() + ' ' + template;
}

function placeOf(specification, name) {
  for (const found of operationsOf(specification)) {
    const { operationId, tags } = found.operation;
    if (nameOf(found) !== name || nameOf(found) !== operationId) continue;
    const [tag] = tags ?? [];
    return '#/' + slugOf(typeof tag === 'string' ? tag : 'other') + '/' + operationId.toLowerCase();
  }
  return undefined;
}

function operationLink(name) {
  return '?try=' + encodeURIComponent(name).replace(/[()'!*]/g, (sign) => '%' + sign.charCodeAt(0).toString(16));
}

// A button would not outlive Redoc drawing the operation anew; what the document says of it does.
function withLinks(specification) {
  for (const found of operationsOf(specification)) {
    if (found.method === 'trace') continue;
    const { operation } = found;
    const description = typeof operation.description === 'string' ? operation.description : '';
    operation.description = '[Try it](' + operationLink(nameOf(found)) + ')\\n\\n' + description;
  }
  return specification;
}

function wanted() {
  return new URLSearchParams(window.location.search).get('try');
}

function addressWithout() {
  const search = new URLSearchParams(window.location.search);
  search.delete('try');
  return window.location.pathname + (search.size > 0 ? '?' + search : '') + window.location.hash;
}

// True when the panel was opened from this page: the way back then leads out of it.
let isBehind = false;
let isLoaded = false;

async function showWanted(specification) {
  const operation = wanted();
  if (operation === null && !isLoaded) return;
  isLoaded = true;
  const { openTryIt, closeTryIt } = await import('/try-it/panel.js');
  if (operation === null) return closeTryIt();
  await openTryIt({ document: specification, api, version, operation }, () => {
    if (isBehind) window.history.back();
    else window.history.replaceState(window.history.state, '', addressWithout());
    isBehind = false;
  });
}

const [{ init }, specification] = await Promise.all([
  import('/docs-files/redoc.js'),
  fetch(address).then((response) => response.json()),
]);
const isCallable = api !== undefined;
const [, linked] = /^#operation\\/(.+)$/.exec(window.location.hash) ?? [];
const target = linked === undefined ? wanted() : decodeURIComponent(linked);
const found = target === null ? undefined : placeOf(specification, target);
if (found) window.history.replaceState(null, '', window.location.search + found);

const isForPaper = new URLSearchParams(window.location.search).has('print');

// Redoc draws the operations of one tag at a time, and a section when it comes into sight. For paper all operations are of one tag, what
// the document says of its tags goes before them, and everything is in sight.
function forPaper(specification) {
  const told = (specification.tags ?? []).filter(({ description }) => typeof description === 'string');
  const chapters = told.map((tag) => '# ' + (tag['x-displayName'] ?? tag.name) + '\\n\\n' + tag.description);
  specification.info.description = [specification.info.description ?? '', ...chapters].join('\\n\\n');
  for (const { operation } of operationsOf(specification)) operation.tags = ['Operations'];
  delete specification.tags;
  delete specification['x-tagGroups'];
  window.history.replaceState(null, '', window.location.search + '#/operations');
  window.IntersectionObserver = class {
    constructor(tell) {
      this.tell = tell;
    }
    observe(target) {
      queueMicrotask(() => this.tell([{ target, isIntersecting: true }], this));
    }
    unobserve() {}
    disconnect() {}
  };
  return specification;
}

// Once each operation has its heading, or has been looked for thirty times, and nothing has been drawn for a second.
function printWhenDrawn() {
  const summaries = [...operationsOf(specification)].flatMap(({ operation: { summary } }) =>
    typeof summary === 'string' ? [summary.trim()] : [],
  );
  const isDrawn = () => {
    const headings = new Set([...frame.querySelectorAll('h1, h2, h3')].map((heading) => heading.textContent.trim()));
    return summaries.every((summary) => headings.has(summary));
  };
  let looks = 30;
  let timer;
  const drawing = new MutationObserver(wait);
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (looks-- > 0 && !isDrawn()) return wait();
      drawing.disconnect();
      window.print();
    }, 1_000);
  }
  drawing.observe(frame, { childList: true, subtree: true });
  wait();
}

const bar = document.querySelector('.bar');
const options = {
  disableTelemetry: true,
  hideDownloadButtons: true,
  sanitize: true,
  scrollYOffset: () => bar.offsetHeight,
};
// Redoc draws a main part of its own, and a page has one.
const frame = document.createElement('div');
frame.id = place.id;
frame.append(...place.childNodes);
place.replaceWith(frame);

// It draws the sections that are in sight, so the one with the title is not always there.
const title = document.createElement('h1');
title.className = 'unseen';
title.textContent = document.title;
bar.append(title);

// Redoc leaves levels out, and so do descriptions: each heading counts as one level below the one that it stands under.
function mendHeadings() {
  const above = [{ written: 0, level: 0 }, { written: 1, level: 1 }];
  for (const heading of frame.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    if (!heading.checkVisibility({ visibilityProperty: true })) continue;
    const written = Number(heading.localName[1]);
    while (above.at(-1).written >= written) above.pop();
    const level = above.at(-1).level + 1;
    above.push({ written, level });
    if (heading.ariaLevel !== String(level)) heading.ariaLevel = String(level);
  }
}

function mend() {
  title.hidden = frame.querySelector('h1') !== null;
  // Code can be scrolled.
  for (const block of frame.querySelectorAll('pre:not([tabindex])')) block.tabIndex = 0;
  mendHeadings();
  const menu = frame.querySelector('.menu-content:not([role])');
  if (menu) Object.assign(menu, { role: 'navigation', ariaLabel: 'Reference' });
  const search = frame.querySelector('[data-testid="search-trigger"]:not([role])');
  if (search) {
    Object.assign(search, { role: 'button', tabIndex: 0 });
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') search.click();
    });
  }
}

let willMend = false;
new MutationObserver(() => {
  if (willMend) return;
  willMend = true;
  requestAnimationFrame(() => {
    willMend = false;
    mend();
  });
}).observe(frame, { childList: true, subtree: true });
if (isForPaper) {
  init(forPaper(structuredClone(specification)), options, frame);
  printWhenDrawn();
} else init(isCallable ? withLinks(structuredClone(specification)) : specification, options, frame);

if (isCallable) {
  // Before Redoc, which would take the link for one of its own.
  document.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="?try="]') : null;
      if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      window.history.pushState(null, '', link.getAttribute('href') + window.location.hash);
      isBehind = true;
      void showWanted(specification);
    },
    true,
  );
  window.addEventListener('popstate', () => {
    isBehind = false;
    void showWanted(specification);
  });
  if (wanted() !== null) void showWanted(specification);
}
`;
