/** Where a link leads whose target was taken away. */
export const BLOCKED_URL = '#blocked';

const NAMED_CHARACTERS: Readonly<Record<string, string>> = { colon: ':', tab: '\t', newline: '\n', sol: '/', amp: '&' };
const SAFE_SCHEMES = new Set(['http', 'https', 'mailto', 'tel', 'ws', 'wss']);
const INLINE_IMAGE = /^data:image\/(?:png|gif|jpeg|webp);base64,/i;
/** Longer targets are not looked through, which would take quadratic time; they must show at once that they are safe. */
const LONGEST_TARGET = 2048;
const PLAINLY_SAFE = /^<?(?:https?:\/\/|data:image\/(?:png|gif|jpeg|webp);base64,)/i;

/**
 * Whether following `url` can only lead to a web address, a mailbox, a telephone number or a place relative to the page.
 * `url` is judged as a browser would read it after Markdown and HTML: entities and backslash escapes decoded, white
 * space and control characters dropped (WHATWG URL, basic URL parser).
 */
export function isSafeUrl(url: string): boolean {
  const read = asBrowserReads(url);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(read)?.[1];
  if (scheme === undefined) return true;
  return SAFE_SCHEMES.has(scheme.toLowerCase()) || INLINE_IMAGE.test(read);
}

/** Whether `text` as a whole would run script if some page used it as an address. */
export function isScriptUrl(text: string): boolean {
  const read = asBrowserReads(text);
  return /^(?:javascript|vbscript|livescript):|^data:(?:text\/html|application\/xhtml|image\/svg|text\/xml)/i.test(
    read,
  );
}

/**
 * `markdown` with the target of every link, image and reference definition that is not safe replaced. In CommonMark a
 * target stands only after `](` or `]:`; such places inside code are treated alike.
 */
export function disarmLinks(markdown: string): string {
  // A target can itself hold the opening of another link, so each opening is judged on its own.
  const opening = /\](?:\(|:)\s*/g;
  let disarmed = '';
  let copied = 0;
  for (let match = opening.exec(markdown); match !== null; match = opening.exec(markdown)) {
    const start = opening.lastIndex;
    const url = targetAt(markdown, start, match[0][1] === '(');
    if (url.length < LONGEST_TARGET ? isSafeUrl(url) : PLAINLY_SAFE.test(url)) continue;
    disarmed += `${markdown.slice(copied, start)}${BLOCKED_URL}`;
    copied = start + url.length;
    opening.lastIndex = copied;
  }
  return disarmed + markdown.slice(copied);
}

/** The link target that begins at `start`, with its angle brackets if it has any; at most `LONGEST_TARGET` of it. */
function targetAt(markdown: string, start: number, isParenthesis: boolean): string {
  const window = markdown.slice(start, start + LONGEST_TARGET);
  const bracketed = /^<[^<>\n]*>/.exec(window)?.[0];
  if (bracketed !== undefined) return bracketed;
  if (window.startsWith('<') && window.length === LONGEST_TARGET) return window;
  const target = /^[^\s]*/.exec(window)?.[0] ?? '';
  return isParenthesis ? upToParenthesis(target) : target;
}

/** The part of a link target before the parenthesis that closes the link; pairs of parentheses belong to the target. */
function upToParenthesis(target: string): string {
  let depth = 0;
  for (let index = 0; index < target.length; index += 1) {
    const character = target[index];
    if (character === '\\') index += 1;
    else if (character === '(') depth += 1;
    else if (character === ')' && depth === 0) return target.slice(0, index);
    else if (character === ')') depth -= 1;
  }
  return target;
}

function asBrowserReads(text: string): string {
  return text
    .replace(/^<(.*)>$/s, '$1')
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_whole, digits: string) => character(Number.parseInt(digits, 16)))
    .replace(/&#([0-9]{1,7});?/g, (_whole, digits: string) => character(Number.parseInt(digits, 10)))
    .replace(/&([a-z]+);/gi, (whole, name: string) => NAMED_CHARACTERS[name.toLowerCase()] ?? whole)
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/[\p{Cc}\p{Z}\p{Cf}]/gu, '');
}

function character(codePoint: number): string {
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\uFFFD';
}
