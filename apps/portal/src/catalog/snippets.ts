import type { SampleRequest } from './sample-request.js';

/** Stands in a snippet where the key goes when the portal does not know it. */
export const keyPlaceholder = 'YOUR_API_KEY';

export const snippetLanguages = ['curl', 'JavaScript', 'Python'] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

/** A request that is written out, with where it goes. */
export interface SnippetCall extends Pick<SampleRequest, 'method' | 'headers' | 'body'> {
  readonly url: string;
}

/**
 * Where requests to an API version go, without a slash at the end: at the gateway, or at the version's own host with scheme and
 * port of the gateway where it takes requests for no other.
 */
export function baseUrlOf(
  gatewayUrl: string,
  { host, basePath }: { readonly host: string | null; readonly basePath: string },
): string {
  const gateway = new URL(gatewayUrl);
  if (host !== null) gateway.hostname = host;
  return `${gateway.href.replace(/\/+$/, '')}/${basePath.replace(/^\/+/, '')}`.replace(/\/+$/, '');
}

/** A request with a key that can be pasted as it is: into a shell, a module or a script. */
export function snippetOf(language: SnippetLanguage, call: SnippetCall, key: string = keyPlaceholder): string {
  switch (language) {
    case 'curl':
      return curl(call, key);
    case 'JavaScript':
      return javaScript(call, key);
    case 'Python':
      return python(call, key);
  }
}

function curl({ method, url, headers, body }: SnippetCall, key: string): string {
  return [
    `curl ${method === 'GET' ? '' : `--request ${method} `}'${url.replaceAll("'", '%27')}'`,
    `  --header 'x-api-key: ${key}'`,
    ...headers.map(({ name, value }) => `  --header ${quoted(`${name}: ${value}`)}`),
    // "--data" would read a file where the body begins with an @.
    ...(body === null ? [] : [`  --data-raw ${quoted(body)}`]),
    '  --include',
  ].join(' \\\n');
}

function javaScript({ method, url, headers, body }: SnippetCall, key: string): string {
  const fields = [
    `'x-api-key': ${JSON.stringify(key)}`,
    ...headers.map(({ name, value }) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`),
  ];
  return [
    `const response = await fetch(${JSON.stringify(url)}, {`,
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    `  headers: { ${fields.join(', ')} },`,
    ...(body === null ? [] : [`  body: ${JSON.stringify(body)},`]),
    '});',
    `console.log(response.status, await response.${method === 'GET' ? 'json' : 'text'}());`,
  ].join('\n');
}

/** A text in JSON is a text in Python as well. */
function python({ method, url, headers, body }: SnippetCall, key: string): string {
  const fields = [{ name: 'x-api-key', value: key }, ...headers];
  const written = fields.map(({ name, value }) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(', ');
  const data = body === null ? '' : `, data=${JSON.stringify(body)}.encode()`;
  return [
    'import requests',
    `response = requests.${method.toLowerCase()}(${JSON.stringify(url)}, headers={${written}}${data})`,
    `print(response.status_code, response.${method === 'GET' ? 'json()' : 'text'})`,
  ].join('\n');
}

/** Inside single quotes a shell reads nothing but the next quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
