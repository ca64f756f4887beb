import type { JsonObject, JsonValue } from '#openapi';
import { codeSamplesOf } from './code-samples.js';
import { objectOf } from './json-tree.js';
import { sampleCall } from './sample-call.js';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
const KEY_SCHEME = {
  type: 'apiKey',
  in: 'header',
  name: 'x-api-key',
  description: 'A key of your application. Test keys (`tg_test_…`) need no subscription.',
};

/**
 * The document as people outside call the API: at the gateway's address and with an API key, whatever the publisher's
 * own servers and credentials are, and with the call written out in several languages.
 */
export function forReaders(document: JsonObject, gatewayUrl: string): JsonObject {
  const paths = Object.entries(objectOf(document['paths'])).map(([template, item]) => [
    template,
    pathForReaders(document, gatewayUrl, template, objectOf(item)),
  ]);
  return {
    ...document,
    servers: [{ url: gatewayUrl }],
    security: [{ apiKey: [] }],
    paths: Object.fromEntries(paths) as JsonObject,
    components: { ...objectOf(document['components']), securitySchemes: { apiKey: KEY_SCHEME } },
  };
}

function pathForReaders(document: JsonObject, gatewayUrl: string, template: string, item: JsonObject): JsonObject {
  const { servers: _servers, ...rest } = item;
  const entries = Object.entries(rest).map(([key, value]): [string, JsonValue] => {
    if (!METHODS.has(key)) return [key, value];
    // Publishers' own schemes are for their upstream, and are gone from the components.
    const { security: _security, servers: _own, ...operation } = objectOf(value);
    const call = sampleCall(document, gatewayUrl, { method: key, template, item, operation });
    return [key, { 'x-codeSamples': codeSamplesOf(call), ...operation }];
  });
  return Object.fromEntries(entries);
}
