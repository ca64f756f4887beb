export interface TextSegment {
  readonly text: string;
  /** Where the segment leads; null for plain text. */
  readonly href: string | null;
}

/** A mail's text, with its http addresses set apart as links. Nothing else in it is interpreted. */
export function segmentsOf(text: string): readonly TextSegment[] {
  const segments: TextSegment[] = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"']+/g)) {
    // A full stop or bracket after an address belongs to the sentence.
    const address = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (match.index > end) segments.push({ text: text.slice(end, match.index), href: null });
    segments.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) segments.push({ text: text.slice(end), href: null });
  return segments;
}

/** The addresses given with a message that its text does not show; only http ones. */
export function hiddenLinks(text: string, links: readonly string[]): readonly string[] {
  return links.filter((link) => /^https?:\/\//i.test(link) && !text.includes(link));
}
