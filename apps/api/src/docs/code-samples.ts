import type { JsonObject, JsonValue } from '#openapi';

/** A call as an example shows it. */
export interface SampleCall {
  readonly method: string;
  readonly url: string;
  /** JSON text, or null. */
  readonly body: string | null;
  /** The header that says for which version it is; absent where that is not needed. */
  readonly version?: { readonly name: string; readonly value: string } | null;
}

const KEY = 'tg_test_…';

interface Language {
  readonly lang: string;
  readonly label: string;
  readonly write: (call: SampleCall) => string;
}

const LANGUAGES: readonly Language[] = [
  { lang: 'Shell', label: 'curl', write: curl },
  { lang: 'JavaScript', label: 'JavaScript', write: javaScript },
  { lang: 'Python', label: 'Python', write: python },
  { lang: 'Go', label: 'Go', write: go },
  { lang: 'PHP', label: 'PHP', write: php },
  { lang: 'Java', label: 'Java', write: java },
  { lang: 'C#', label: 'C#', write: cSharp },
];

/** The call in every language, in the form of the extension `x-codeSamples`. */
export function codeSamplesOf(call: SampleCall): JsonValue {
  return LANGUAGES.map(({ lang, label, write }): JsonObject => ({ lang, label, source: write(call) }));
}

/** The header of the version, as a language writes it; its characters mean nothing in any of them. */
function withVersion({ version }: SampleCall, write: (name: string, value: string) => string): string[] {
  return version ? [write(version.name, version.value)] : [];
}

function curl(call: SampleCall): string {
  const { method, url, body } = call;
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${shellQuoted(url)}`,
    `  -H 'x-api-key: ${KEY}'`,
    ...withVersion(call, (name, value) => `  -H '${name}: ${value}'`),
    ...(body === null ? [] : [`  -H 'content-type: application/json'`, `  -d ${shellQuoted(body)}`]),
  ];
  return lines.join(' \\\n');
}

function javaScript(call: SampleCall): string {
  const { method, url, body } = call;
  const headers = [
    `'x-api-key': '${KEY}'`,
    ...withVersion(call, (name, value) => `'${name}': '${value}'`),
    ...(body === null ? [] : [`'content-type': 'application/json'`]),
  ];
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    `  headers: { ${headers.join(', ')} },`,
    ...(body === null ? [] : [`  body: JSON.stringify(${indented(body, '  ')}),`]),
  ];
  return `const response = await fetch(${JSON.stringify(url)}, {\n${options.join('\n')}\n});\nconsole.log(response.status, await response.text());`;
}

function python(call: SampleCall): string {
  const { method, url, body } = call;
  const headers = [
    `"x-api-key": "${KEY}"`,
    ...withVersion(call, (name, value) => `"${name}": "${value}"`),
    ...(body === null ? [] : [`"content-type": "application/json"`]),
  ];
  return [
    'import requests',
    '',
    'response = requests.request(',
    `    "${method}",`,
    `    ${JSON.stringify(url)},`,
    `    headers={${headers.join(', ')}},`,
    ...(body === null ? [] : [`    data=${tripleQuoted(body)},`]),
    ')',
    'print(response.status_code, response.text)',
  ].join('\n');
}

function go(call: SampleCall): string {
  const { method, url, body } = call;
  const reader = body === null ? 'nil' : `strings.NewReader(${backQuoted(body)})`;
  return [
    `request, _ := http.NewRequest("${method}", ${JSON.stringify(url)}, ${reader})`,
    `request.Header.Set("x-api-key", "${KEY}")`,
    ...withVersion(call, (name, value) => `request.Header.Set("${name}", "${value}")`),
    ...(body === null ? [] : [`request.Header.Set("content-type", "application/json")`]),
    'response, err := http.DefaultClient.Do(request)',
    'if err != nil {',
    '\tlog.Fatal(err)',
    '}',
    'defer response.Body.Close()',
    'text, _ := io.ReadAll(response.Body)',
    'fmt.Println(response.StatusCode, string(text))',
  ].join('\n');
}

function php(call: SampleCall): string {
  const { method, url, body } = call;
  const headers = [
    `'x-api-key: ${KEY}'`,
    ...withVersion(call, (name, value) => `'${name}: ${value}'`),
    ...(body === null ? [] : [`'content-type: application/json'`]),
  ];
  return [
    `$request = curl_init(${singleQuoted(url)});`,
    'curl_setopt_array($request, [',
    `    CURLOPT_CUSTOMREQUEST => '${method}',`,
    `    CURLOPT_HTTPHEADER => [${headers.join(', ')}],`,
    ...(body === null ? [] : [`    CURLOPT_POSTFIELDS => ${singleQuoted(body)},`]),
    '    CURLOPT_RETURNTRANSFER => true,',
    ']);',
    'echo curl_exec($request);',
  ].join('\n');
}

function java(call: SampleCall): string {
  const { method, url, body } = call;
  const publisher = body === null ? 'noBody()' : `ofString("""\n        ${indented(body, '        ')}""")`;
  return [
    `var request = HttpRequest.newBuilder(URI.create(${JSON.stringify(url)}))`,
    `    .header("x-api-key", "${KEY}")`,
    ...withVersion(call, (name, value) => `    .header("${name}", "${value}")`),
    ...(body === null ? [] : [`    .header("content-type", "application/json")`]),
    `    .method("${method}", HttpRequest.BodyPublishers.${publisher})`,
    '    .build();',
    'var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
    'System.out.println(response.statusCode() + " " + response.body());',
  ].join('\n');
}

function cSharp(call: SampleCall): string {
  const { method, url, body } = call;
  return [
    'using var client = new HttpClient();',
    `using var request = new HttpRequestMessage(new HttpMethod("${method}"), ${JSON.stringify(url)});`,
    `request.Headers.Add("x-api-key", "${KEY}");`,
    ...withVersion(call, (name, value) => `request.Headers.Add("${name}", "${value}");`),
    ...(body === null
      ? []
      : [
          `request.Content = new StringContent("""\n    ${indented(body, '    ')}\n    """, Encoding.UTF8, "application/json");`,
        ]),
    'using var response = await client.SendAsync(request);',
    'Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");',
  ].join('\n');
}

function indented(text: string, indent: string): string {
  return text.replaceAll('\n', `\n${indent}`);
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`)}'`;
}

function tripleQuoted(text: string): string {
  return `"""${text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"')}"""`;
}

function backQuoted(text: string): string {
  return `\`${text.replaceAll('`', '` + "`" + `')}\``;
}
