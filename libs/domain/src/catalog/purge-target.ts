/** Which kept answers are to be forgotten. */
export interface PurgeTarget {
  readonly apiVersionId: string;
  /** As callers ask for it, with any query; one that ends with `*` stands for all that begin so. Null: all of the version. */
  readonly path: string | null;
}

/** A target as it stands in the change log. */
export function formatPurgeTarget({ apiVersionId, path }: PurgeTarget): string {
  return path === null ? apiVersionId : `${apiVersionId} ${path}`;
}

/** The target that `formatPurgeTarget` wrote. */
export function parsePurgeTarget(text: string): PurgeTarget {
  const end = text.indexOf(' ');
  return end < 0 ? { apiVersionId: text, path: null } : { apiVersionId: text.slice(0, end), path: text.slice(end + 1) };
}
