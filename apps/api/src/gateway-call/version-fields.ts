import type { VersionHeader } from '#domain';

/** What a call says so that it is for this version and no other of the same place; empty where it is alone there. */
export function versionFields({
  versionHeader,
}: {
  readonly versionHeader: VersionHeader | null;
}): Record<string, string> {
  return versionHeader === null ? {} : { [versionHeader.name.toLowerCase()]: versionHeader.value };
}
