import type { ApiVersionEntry } from '../snapshot/catalog.js';

export interface Deprecation {
  /** Slug of the API. */
  readonly api: string;
  /** ISO 8601. */
  readonly since: string;
  /** The UTC day from which on the version is switched off; null when that is not known. */
  readonly sunsetOn: string | null;
}

/**
 * What answers of a deprecated version say, as name, value, name, value: since when it is (`Deprecation`, RFC 9745), from when on it
 * is switched off (`Sunset`, RFC 8594), and where the portal says what to use in its place.
 */
export function deprecationFields(
  version: string,
  { api, since, sunsetOn }: Deprecation,
  portalUrl: string,
): readonly string[] {
  const changes = `/docs/${encodeURIComponent(api)}/changes?from=${encodeURIComponent(version)}&to=latest`;
  const fields = ['deprecation', `@${Math.floor(Date.parse(since) / 1000)}`];
  if (sunsetOn !== null) fields.push('sunset', new Date(`${sunsetOn}T00:00:00Z`).toUTCString());
  fields.push('link', `<${new URL(changes, portalUrl).href}>; rel="deprecation"; type="text/html"`);
  return fields;
}

/** True for a field of an upstream that what we say takes the place of. */
export function isDeprecationField(lowerCaseName: string): boolean {
  return lowerCaseName === 'deprecation' || lowerCaseName === 'sunset';
}

/** Adds them for a version that is deprecated. */
export function pushDeprecationHeaders(headers: string[], { deprecationFields: fields }: ApiVersionEntry): void {
  if (fields !== null) headers.push(...fields);
}
