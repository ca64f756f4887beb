/** The header field by which a version is told apart from others at the same host and base path. */
export interface VersionHeader {
  /** As it is written; the same for all versions of a place, but for case. */
  readonly name: string;
  /** What callers send for this version; exactly so. */
  readonly value: string;
  /** Calls without the field are for it. At most one version of a place is. */
  readonly isDefault: boolean;
}
