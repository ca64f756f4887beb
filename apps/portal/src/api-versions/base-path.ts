/** Where a version of this name would be, beside the one at `newest`: "/atlas/v2" and "v3" → "/atlas/v3"; empty without a name. */
export function suggestBasePath(newest: string, name: string): string {
  if (name === '') return '';
  return `${newest.slice(0, newest.lastIndexOf('/'))}/${name}`;
}

/** What requests begin with: "api.example.com/atlas/v2". */
export function placeOf({ host, basePath }: { readonly host: string | null; readonly basePath: string }): string {
  return `${host ?? ''}${basePath}`;
}
