/** Where a version of this name would be, beside the one at `newest`: "/atlas/v2" and "v3" → "/atlas/v3"; empty without a name. */
export function suggestBasePath(newest: string, name: string): string {
  if (name === '') return '';
  return `${newest.slice(0, newest.lastIndexOf('/'))}/${name}`;
}

/** Where requests go: "api.example.com/atlas/v2", and "… with X-API-Version: v2" where a header tells versions apart. */
export function placeOf({
  host,
  basePath,
  versionHeader,
}: {
  readonly host: string | null;
  readonly basePath: string;
  readonly versionHeader: { readonly name: string; readonly value: string } | null;
}): string {
  return `${host ?? ''}${basePath}${versionHeader ? ` with ${versionHeader.name}: ${versionHeader.value}` : ''}`;
}
