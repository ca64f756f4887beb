import { ProblemError, faultsByField } from '../api/problem.js';
import { capitalized } from '../format/text.js';

export type VersionField = 'source' | 'name' | 'basePath' | 'host' | 'versionHeader' | 'upstreamUrl';

/** Which field a refusal is about that names none by its faults. */
const fieldsByCode: Readonly<Record<string, VersionField>> = {
  api_version_exists: 'name',
  place_taken: 'basePath',
  upstream_refused: 'upstreamUrl',
  upstream_missing: 'upstreamUrl',
};

/** What is wrong with each field of a new version; nothing where the refusal is about none of them. */
export function refusedFields(error: unknown): Readonly<Partial<Record<VersionField, string>>> {
  if (!(error instanceof ProblemError)) return {};
  const field = error.code.startsWith('openapi_') ? 'source' : fieldsByCode[error.code];
  // Its own fields have names of others.
  const ofHeader = error.faults.find(({ path }) => path.includes('versionHeader'));
  if (ofHeader) return { versionHeader: ofHeader.message };
  // The field need not be named beside it.
  return field ? { [field]: capitalized(error.message.replace(/^upstreamUrl: /, '')) } : faultsByField(error);
}
