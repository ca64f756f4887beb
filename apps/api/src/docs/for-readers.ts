import type { JsonObject, JsonValue } from '#openapi';

const KEY_SCHEME = {
  type: 'apiKey',
  in: 'header',
  name: 'x-api-key',
  description: 'A key of your application. Test keys (`tg_test_…`) need no subscription.',
};

/**
 * The document as people outside call the API: at the gateway's address, with an API key, whatever the publisher's own
 * servers and credentials are.
 */
export function forReaders(document: JsonObject, gatewayUrl: string): JsonObject {
  const components = objectOf(document['components']);
  return {
    ...withoutSecurity(document),
    servers: [{ url: gatewayUrl }],
    security: [{ apiKey: [] }],
    components: { ...components, securitySchemes: { apiKey: KEY_SCHEME } },
  };
}

/** Publishers' own schemes are for their upstream; operations must not refer to them any more. */
function withoutSecurity(document: JsonObject): JsonObject {
  const paths = Object.entries(objectOf(document['paths'])).map(([template, item]) => [
    template,
    Object.fromEntries(
      Object.entries(objectOf(item))
        .filter(([key]) => key !== 'servers')
        .map(([key, value]) => [key, withoutOwn(value)]),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths) as JsonObject };
}

function withoutOwn(operation: JsonValue): JsonValue {
  if (typeof operation !== 'object' || operation === null || Array.isArray(operation)) return operation;
  const { security: _security, servers: _servers, ...rest } = operation as JsonObject;
  return rest;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
