/** More than that of a body is not put on the page. */
export const MAX_SHOWN = 100_000;

/** The body of an answer as it is shown: JSON in lines, everything else as it came, the beginning of what is long. */
export function shownBody(text: string, isWhole: boolean): { readonly text: string; readonly isCut: boolean } {
  const pretty = isWhole ? prettyJson(text) : text;
  return { text: pretty.slice(0, MAX_SHOWN), isCut: pretty.length > MAX_SHOWN };
}

function prettyJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const pretty = JSON.stringify(JSON.parse(text), null, 2);
    // Numbers that JavaScript cannot hold would be shown as others.
    return pretty.replace(/\s/g, '') === text.replace(/\s/g, '') ? pretty : text;
  } catch {
    return text;
  }
}
