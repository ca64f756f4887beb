/** Stands in a snippet where the key goes when the portal does not know it. */
export const keyPlaceholder = 'YOUR_API_KEY';

export const snippetLanguages = ['curl', 'JavaScript', 'Python'] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

/** Where requests to an API version go, without a slash at the end. */
export function baseUrlOf(gatewayUrl: string, basePath: string): string {
  return `${gatewayUrl.replace(/\/+$/, '')}/${basePath.replace(/^\/+/, '')}`.replace(/\/+$/, '');
}

/** A GET request with a key that can be pasted as it is: into a shell, a module or a script. */
export function snippetOf(language: SnippetLanguage, url: string, key: string = keyPlaceholder): string {
  switch (language) {
    case 'curl':
      return [`curl '${url.replaceAll("'", '%27')}' \\`, `  --header 'x-api-key: ${key}' \\`, '  --include'].join('\n');
    case 'JavaScript':
      return [
        `const response = await fetch(${JSON.stringify(url)}, {`,
        `  headers: { 'x-api-key': ${JSON.stringify(key)} },`,
        '});',
        'console.log(response.status, await response.json());',
      ].join('\n');
    case 'Python':
      return [
        'import requests',
        `response = requests.get(${JSON.stringify(url)}, headers={"x-api-key": ${JSON.stringify(key)}})`,
        'print(response.status_code, response.json())',
      ].join('\n');
  }
}
