/** A request that works as it stands, but for the key. */
export interface SampleRequest {
  readonly path: string;
  readonly operation: string | null;
}

type Document = Readonly<Record<string, unknown>>;

/**
 * The GET operation of an OpenAPI document that takes least: all its required parameters have an example, a default or
 * an enumerated value in the document. The first such operation wins; null when there is none.
 */
export function sampleRequestOf(document: Document): SampleRequest | null {
  const candidates = Object.entries(recordOf(document['paths'])).flatMap(([template, item]) => {
    const operation = recordOf(item)['get'];
    if (!isRecord(operation)) return [];
    const parameters = [...listOf(recordOf(item)['parameters']), ...listOf(operation['parameters'])]
      .map((parameter) => resolved(parameter, document))
      .filter((parameter) => parameter['in'] === 'path' || parameter['required'] === true);
    const path = filledPath(template, parameters);
    if (path === null) return [];
    const title = operation['summary'] ?? operation['operationId'];
    return [{ path, operation: typeof title === 'string' ? title : null, needs: parameters.length }];
  });
  const simplest = candidates.toSorted((left, right) => left.needs - right.needs)[0];
  return simplest ? { path: simplest.path, operation: simplest.operation } : null;
}

/** The template with its parameters filled in; null when one has no value to offer, or belongs into a header. */
function filledPath(template: string, parameters: readonly Document[]): string | null {
  let path = template;
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    const { name, in: place } = parameter;
    const value = valueOf(parameter);
    if (typeof name !== 'string' || value === null) return null;
    if (place === 'path') path = path.replaceAll(`{${name}}`, encodeURIComponent(value));
    else if (place === 'query') query.set(name, value);
    else return null;
  }
  if (/[{}]/.test(path)) return null;
  const search = query.toString();
  return search ? `${path}?${search}` : path;
}

/** Follows one reference within the document. What cannot be followed counts as required and without a value. */
function resolved(parameter: unknown, document: Document): Document {
  const { $ref: reference } = recordOf(parameter);
  if (typeof reference !== 'string') return recordOf(parameter);
  const keys = reference.startsWith('#/') ? reference.slice(2).split('/') : [];
  let target: unknown = document;
  for (const key of keys) target = recordOf(target)[key.replaceAll('~1', '/').replaceAll('~0', '~')];
  return keys.length > 0 && isRecord(target) ? target : { required: true };
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
