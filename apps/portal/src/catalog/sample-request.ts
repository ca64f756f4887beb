/** A request that works as it stands, but for the key. */
export interface SampleRequest {
  readonly path: string;
  readonly operation: string | null;
}

type Document = Readonly<Record<string, unknown>>;

/**
 * The first GET operation of an OpenAPI document that can be called with what the document itself offers: no required
 * parameter lacks an example, a default or an enumerated value. Operations that need nothing come first; null when
 * there is none.
 */
export function sampleRequestOf(document: Document): SampleRequest | null {
  const candidates = Object.entries(recordOf(document['paths'])).flatMap(([template, item]) => {
    const operation = recordOf(item)['get'];
    if (!isRecord(operation)) return [];
    const parameters = [...listOf(recordOf(item)['parameters']), ...listOf(operation['parameters'])];
    const filled = filledPath(template, parameters);
    if (filled === null) return [];
    const title = operation['summary'] ?? operation['operationId'];
    return [{ path: filled, operation: typeof title === 'string' ? title : null, needs: parameters.length }];
  });
  const simplest = candidates.toSorted((left, right) => left.needs - right.needs)[0];
  return simplest ? { path: simplest.path, operation: simplest.operation } : null;
}

/** The template with its parameters filled in; null when one that is required has no value to offer. */
function filledPath(template: string, parameters: readonly unknown[]): string | null {
  let path = template;
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    if (!isRecord(parameter) || typeof parameter['name'] !== 'string') return null;
    const { name, in: place, required } = parameter as { name: string; in?: unknown; required?: unknown };
    if (place !== 'path' && required !== true) continue;
    const value = valueOf(parameter);
    if (value === null) return null;
    if (place === 'path') path = path.replaceAll(`{${name}}`, encodeURIComponent(value));
    else if (place === 'query') query.set(name, value);
    else return null;
  }
  if (/[{}]/.test(path)) return null;
  const search = query.toString();
  return search ? `${path}?${search}` : path;
}

function valueOf(parameter: Document): string | null {
  const schema = recordOf(parameter['schema']);
  const fromExamples = Object.values(recordOf(parameter['examples'])).map((example) => recordOf(example)['value']);
  const offers = [
    parameter['example'],
    ...fromExamples,
    schema['example'],
    ...listOf(schema['examples']),
    schema['default'],
    ...listOf(schema['enum']),
  ];
  const value = offers.find(isScalar);
  return value === undefined ? null : String(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
