/**
 * What no reader sees but a model reads: controls, marks that turn the direction of text, invisible signs, the tag characters that
 * spell hidden words, variation selectors beyond the usual ones, and halves of surrogate pairs. Tab and line feed stay.
 */
const UNSEEN =
  /(?![\t\n])\p{Cc}|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Cs}]|\u034f/gu;
/** Joiners shape words of some scripts and pictures, one at a time; beside ASCII and in rows they only hide something. */
const IDLE_JOINERS = /[\u200c\u200d]{2,}|(?<!\P{ASCII})[\u200c\u200d]|[\u200c\u200d](?!\P{ASCII})/gu;

/** Text as people see it: without what is unseen, cut at `maxLength` with an ellipsis. */
export function cleanText(text: string, maxLength: number): string {
  const shown = text.replace(UNSEEN, '').replace(IDLE_JOINERS, '');
  if (shown.length <= maxLength) return shown;
  return `${shown.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

export interface TreeBounds {
  readonly maxText: number;
  readonly maxItems: number;
  readonly maxDepth: number;
}

const TREE_BOUNDS: TreeBounds = { maxText: 8_000, maxItems: 1_000, maxDepth: 40 };

/** JSON with every text and name in it clean, and no more of it than the bounds. */
export function cleanTree(value: unknown, bounds: TreeBounds = TREE_BOUNDS, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value, bounds.maxText);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > bounds.maxDepth) return '…';
  if (Array.isArray(value)) return value.slice(0, bounds.maxItems).map((one) => cleanTree(one, bounds, depth + 1));
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.slice(0, bounds.maxItems).map(([name, one]) => [cleanText(name, 200), cleanTree(one, bounds, depth + 1)]),
  );
}
