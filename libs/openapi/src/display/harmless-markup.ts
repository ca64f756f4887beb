/** Tags of plain formatting. They are kept only without attributes, so they can neither run, load nor cover anything. */
const FORMATTING_TAGS = new Set(
  (
    'b i em strong u s del ins mark small sub sup kbd samp var code tt br hr p div span blockquote q cite abbr ' +
    'h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td th details summary center font nobr'
  ).split(' '),
);
const ZERO_WIDTH_SPACE = '\u200B';
/** HTML starts a tag, comment, declaration or instruction only where one of these follows the `<`. */
const TAG_START = /<(?=[a-z/!?])/gi;
const BARE_TAG = /^<\/?([a-z][a-z0-9]*)\s*\/?>/i;
const SAFE_ANCHOR =
  /^(?:<\/a\s*>|<a\s+href=(?:"(?:https?:\/\/|mailto:|#)[^"<>]*"|'(?:https?:\/\/|mailto:|#)[^'<>]*')\s*>)/i;
/** CommonMark autolinks. Without "=" and quotes they are harmless even where HTML takes them for a tag. */
const AUTOLINK = /^<(?:https?:\/\/|mailto:)[^\s<>="'`]*>/i;

/**
 * `text` with every `<` that could begin markup, other than plain formatting and links to web addresses, followed by a
 * zero-width space. HTML (WHATWG 13.2.5.6) and CommonMark then read that `<` as text, inside code and outside it, so the
 * result does not depend on how well this function and a Markdown renderer agree on where code begins.
 */
export function disarmMarkup(text: string): string {
  return text.replace(TAG_START, (start, offset: number) => {
    const rest = text.slice(offset, offset + 2048);
    const name = BARE_TAG.exec(rest)?.[1];
    const isFormatting = name !== undefined && FORMATTING_TAGS.has(name.toLowerCase());
    return isFormatting || SAFE_ANCHOR.test(rest) || AUTOLINK.test(rest) ? start : `${start}${ZERO_WIDTH_SPACE}`;
  });
}
