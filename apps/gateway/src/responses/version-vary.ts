import type { ApiVersionEntry } from '../snapshot/catalog.js';

/** Adds that another version has another answer at the same address, where a header field tells them apart (RFC 9110 §12.5.5). */
export function pushVersionVary(headers: string[], { versionHeader }: ApiVersionEntry): void {
  if (versionHeader !== null) headers.push('vary', versionHeader.name);
}
