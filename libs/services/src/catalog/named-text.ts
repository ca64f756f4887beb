/** Begins what stands for the text of a file. */
const FILE = 'file:';
/** A text that begins as one that names a file would, with backslashes before it. */
const OWN = /^\\*file:/;

/** The name of the file whose text is meant; null for a text of its own. */
export function fileNamedBy(text: string): string | null {
  return text.startsWith(FILE) ? text.slice(FILE.length) : null;
}

/** What a text of its own says: `\file:` is the text `file:`. */
export function ownTextOf(text: string): string {
  return OWN.test(text) ? text.slice(1) : text;
}

/** A text so that `ownTextOf` gives it back, and no file is read for it. */
export function asOwnText(text: string): string {
  return OWN.test(text) ? `\\${text}` : text;
}
