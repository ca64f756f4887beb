import { answerOf, client } from './client.js';
import type { paths } from './schema.generated.js';

const path = '/api/v1/publisher/catalog';

/** Where what one's teams have is, as a catalogue file. */
export const catalogFileHref = path;

export type CatalogRequest = paths[typeof path]['post']['requestBody']['content']['application/json'];

/** What one's teams have, as the text of a catalogue file. @throws ProblemError `catalog_too_large` among others */
export async function readCatalogText(): Promise<string> {
  return String(await answerOf(client.GET(path, { parseAs: 'text' })));
}

/**
 * Makes the catalogue what a file says, or says what would change.
 * @throws ProblemError `catalog_invalid` with each place in the file, `catalog_changed`, `secret_missing` among others
 */
export function sendCatalogFile(request: CatalogRequest) {
  return answerOf(client.POST(path, { body: request }));
}
