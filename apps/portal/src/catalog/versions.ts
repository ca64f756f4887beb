import type { ApiVersion, Product } from '../api/types.js';

type Api = Product['apis'][number];

/** The version that a newcomer should use: the one marked latest, else the first; null for an API without any. */
export function latestVersionOf({ versions }: Api): ApiVersion | null {
  return versions.find(({ latest }) => latest) ?? versions[0] ?? null;
}

/** Where the documentation of a version is. The API renders it; it is no page of this application. */
export function docsHref(api: string, version: string): string {
  return `/docs/${encodeURIComponent(api)}/${encodeURIComponent(version)}`;
}
