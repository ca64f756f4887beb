import { isSafeUrl, sanitizeForDisplay } from '#openapi';
import MarkdownIt, { type Token } from 'markdown-it';
import { escapeHtml } from '../docs/html.js';

/** Headings of a text stand below the page's own, which are of the levels 1 and 2. */
const TOP_LEVEL = 3;
const LOWEST_LEVEL = 6;
/** What a page's policy lets an image load: something within the text, or a file of this portal. */
const OWN_IMAGE = /^(?:data:image\/|\/(?![/\\]))/i;
const LINE_BREAK = /^<br\s*\/?>/i;

const markdown = createRenderer();

/**
 * Markdown of a publisher as HTML that can stand in a page of this origin. It goes through what guides go through
 * (`sanitizeForDisplay`), and what is left of tags, but for `<br>`, is text. Links lead to web addresses, mailboxes and places of this
 * portal only; images from elsewhere, which the page would not load, are links. Headings begin at level 3 and leave none out. Tables and
 * code scroll by themselves. What it takes grows with the length of the text, some tenths of a second for 20,000 characters at worst.
 */
export function renderMarkdown(text: string): string {
  const shown = sanitizeForDisplay({ description: text })['description'];
  return markdown.render(typeof shown === 'string' ? shown : '');
}

function createRenderer() {
  const renderer = new MarkdownIt('default', { html: false, linkify: false, typographer: false });
  const isValidLink = renderer.validateLink.bind(renderer);
  renderer.validateLink = (url) => isValidLink(url) && isSafeUrl(url);
  renderer.core.ruler.push('headings', ({ tokens }) => nestHeadings(tokens));
  renderer.inline.ruler.before('html_inline', 'line_break', (state, silent) => {
    const [tag] = LINE_BREAK.exec(state.src.slice(state.pos, state.pos + 8)) ?? [];
    if (tag === undefined) return false;
    if (!silent) state.push('hardbreak', 'br', 0);
    state.pos += tag.length;
    return true;
  });
  const { rules } = renderer.renderer;
  rules['table_open'] = () => '<div class="scrolls" tabindex="0"><table>\n';
  rules['table_close'] = () => '</table></div>\n';
  rules['fence'] = rules['code_block'] = (tokens, index) =>
    `<pre tabindex="0"><code>${escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`;
  rules['image'] = imageAt;
  return renderer;
}

function imageAt(tokens: readonly Token[], index: number): string {
  const image = tokens[index];
  const source = String(image?.attrGet('src') ?? '');
  const words = escapeHtml(image?.content ?? '');
  if (OWN_IMAGE.test(source)) return `<img src="${escapeHtml(source)}" alt="${words}" loading="lazy">`;
  const name = words === '' ? 'Image' : words;
  // A link has no link in it: a badge is its name.
  return isInLink(tokens, index) ? name : `<a href="${escapeHtml(source)}">${name}</a>`;
}

function isInLink(tokens: readonly Token[], index: number): boolean {
  const last = tokens.slice(0, index).findLast(({ type }) => type === 'link_open' || type === 'link_close');
  return last?.type === 'link_open';
}

/** Gives each heading the level that it has among the others, so that no level is left out, whatever the text begins with. */
function nestHeadings(tokens: readonly Token[]): void {
  const above: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    const level = Number(token.tag.slice(1));
    while ((above.at(-1) ?? 0) >= level) above.pop();
    above.push(level);
    const tag = `h${Math.min(TOP_LEVEL - 1 + above.length, LOWEST_LEVEL)}`;
    token.tag = tag;
    const close = tokens[index + 2];
    if (close?.type === 'heading_close') close.tag = tag;
  }
}
