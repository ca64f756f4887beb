import { keyPlaceholder } from '../catalog/snippets.js';
import type { CallRequest } from './call-request.js';

/** The call for a shell, with a placeholder in the place of the key. */
export function curlOf(baseUrl: string, { method, path, headers, body }: CallRequest): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `--request ${method} `}${quoted(baseUrl + path)}`,
    `  --header ${quoted(`x-api-key: ${keyPlaceholder}`)}`,
    ...headers.map(({ name, value }) => `  --header ${quoted(`${name}: ${value}`)}`),
    // "--data" would read a file where the body begins with an @.
    ...(body === null ? [] : [`  --data-raw ${quoted(body)}`]),
    '  --include',
  ];
  return lines.join(' \\\n');
}

/** Inside single quotes a shell reads nothing but the next quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
