import { type Tree, follow, listOf, shortText, textOf, treeOf } from './document-tree.js';
import { givenExample, offeredValue, sampleValue } from './sample-value.js';
import { type ValueShape, isScalar, merged, shapeOf } from './schema-kind.js';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
/** More parameters than that are for a program, not for a form. */
const MAX_PARAMETERS = 80;
const MAX_BODY_LENGTH = 100_000;
/** Header fields that parameters cannot describe (OpenAPI 3.1 §4.8.12.1), or that the portal does not send on. */
const SENT_OTHERWISE = /^(accept|content-type|authorization|cookie|host|connection|content-length|x-api-key)$/i;
const FORM = 'application/x-www-form-urlencoded';

export type Place = 'path' | 'query' | 'header';

/** A parameter as it is asked for. */
export interface ParameterField extends ValueShape {
  /** Unique in its form. */
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly isRequired: boolean;
  readonly isDeprecated: boolean;
  readonly description: string;
  /** What stands there at first; empty is not sent. */
  readonly initial: string;
  /** What could stand there. */
  readonly example: string;
  /** Of a list in the query: a parameter for each value (`explode`), or all in one. */
  readonly isExploded: boolean;
  /** An object in the query, a parameter for each of its keys: `name[key]`. */
  readonly isDeepObject: boolean;
}

/** What a body may be. */
export interface BodyForm {
  readonly mediaType: string;
  readonly kind: 'json' | 'form' | 'text';
  /** What stands there at first. */
  readonly initial: string;
}

/** All that is asked for to call an operation. */
export interface OperationForm {
  readonly method: string;
  readonly template: string;
  readonly title: string;
  readonly parameters: readonly ParameterField[];
  /** The document has more parameters than are shown. */
  readonly isCut: boolean;
  /** Of its media types those that can be written here; empty without a body. */
  readonly bodies: readonly BodyForm[];
  readonly isBodyRequired: boolean;
  /** The media types that can only be sent by a program. */
  readonly otherMediaTypes: readonly string[];
}

/**
 * The form of an operation of a document, by its id or by "METHOD /template"; null when the document has no such operation.
 * Pure and bounded: references that go round, huge lists and odd values cost no more than others.
 */
export function operationForm(document: Tree, wanted: string): OperationForm | null {
  const found = findOperation(document, wanted);
  if (!found) return null;
  const { method, template, item, operation } = found;
  const parameters = parametersOf(document, [...listOf(item['parameters']), ...listOf(operation['parameters'])]);
  const body = follow(document, operation['requestBody']);
  const content = Object.entries(treeOf(body['content'])).slice(0, 20);
  const bodies = content.flatMap(([mediaType, media]) => bodyForm(document, mediaType, treeOf(media)));
  return {
    method: method.toUpperCase(),
    template,
    title: shortText(operation['summary'], 120) || shortText(operation['operationId'], 120),
    parameters: parameters.slice(0, MAX_PARAMETERS),
    isCut: parameters.length > MAX_PARAMETERS,
    bodies,
    isBodyRequired: body['required'] === true,
    otherMediaTypes: content
      .map(([type]) => type)
      .filter((type) => !bodies.some(({ mediaType }) => mediaType === type)),
  };
}

/** How an operation is named in an address: its id, else "METHOD /template". */
export function operationName(method: string, template: string, operation: Tree): string {
  return textOf(operation['operationId']) || `${method.toUpperCase()} ${template}`;
}

function findOperation(document: Tree, wanted: string) {
  for (const [template, value] of Object.entries(treeOf(document['paths']))) {
    const item = treeOf(value);
    for (const method of METHODS) {
      const operation = treeOf(item[method]);
      const isIt = Object.hasOwn(item, method) && operationName(method, template, operation) === wanted;
      if (isIt) return { method, template, item, operation };
    }
  }
  return null;
}

/** Those of the operation in the place of those of its path, by name and place; path first. */
function parametersOf(document: Tree, described: readonly unknown[]): ParameterField[] {
  const fields = new Map<string, ParameterField>();
  for (const one of described) {
    const field = parameterField(document, follow(document, one));
    if (field) fields.set(field.id, field);
  }
  const order: readonly Place[] = ['path', 'query', 'header'];
  return [...fields.values()].toSorted(
    (left, right) =>
      order.indexOf(left.place) - order.indexOf(right.place) || Number(right.isRequired) - Number(left.isRequired),
  );
}

function parameterField(document: Tree, parameter: Tree): ParameterField | null {
  const name = textOf(parameter['name']);
  const place = parameter['in'];
  if (name === '' || (place !== 'path' && place !== 'query' && place !== 'header')) return null;
  if (place === 'header' && SENT_OTHERWISE.test(name)) return null;
  const [media] = Object.values(treeOf(parameter['content']));
  const described = media === undefined ? parameter['schema'] : treeOf(media)['schema'];
  const schema = merged(document, described);
  const shape: ValueShape =
    media === undefined ? shapeOf(document, described) : { kind: 'json', choices: [], hint: 'JSON' };
  const isRequired = place === 'path' || parameter['required'] === true;
  const given = givenExample(document, parameter) ?? (media && givenExample(document, treeOf(media)));
  const example = written(given ?? offeredValue(schema), shape.kind);
  return {
    ...shape,
    id: `${place} ${name}`,
    name,
    place,
    isRequired,
    isDeprecated: parameter['deprecated'] === true,
    description: shortText(parameter['description'] ?? schema['description']),
    initial: isRequired ? example || written(sampleIfPlain(document, described, shape), shape.kind) : '',
    example,
    isExploded: parameter['explode'] !== false && (parameter['style'] ?? 'form') === 'form',
    isDeepObject: parameter['style'] === 'deepObject',
  };
}

/** Only what is sure to be a value of the kind: a made-up word would be no better than an empty field. */
function sampleIfPlain(document: Tree, described: unknown, { kind }: ValueShape): unknown {
  return kind === 'text' || kind === 'list' ? undefined : sampleValue(document, described);
}

/** A value as it stands in its field. */
function written(value: unknown, kind: ValueShape['kind']): string {
  if (value === undefined || value === null) return '';
  if (kind === 'list' && Array.isArray(value)) return value.filter(isScalar).join(',');
  if (isScalar(value)) return String(value).slice(0, 2_000);
  return kind === 'json' ? JSON.stringify(value).slice(0, MAX_BODY_LENGTH) : '';
}

function bodyForm(document: Tree, mediaType: string, media: Tree): BodyForm[] {
  const example = () => givenExample(document, media) ?? sampleValue(document, media['schema']);
  if (/^application\/([^;]+\+)?json\b/i.test(mediaType)) {
    return [{ mediaType, kind: 'json', initial: JSON.stringify(example(), null, 2).slice(0, MAX_BODY_LENGTH) }];
  }
  if (mediaType.toLowerCase() === FORM) {
    const pairs = Object.entries(treeOf(example())).map(([name, value]): [string, string] => [
      name,
      isScalar(value) ? String(value) : JSON.stringify(value),
    ]);
    return [{ mediaType, kind: 'form', initial: pairs.map(([name, value]) => `${name}=${value}`).join('\n') }];
  }
  if (/^text\//i.test(mediaType)) {
    const text = example();
    return [{ mediaType, kind: 'text', initial: isScalar(text) ? String(text).slice(0, MAX_BODY_LENGTH) : '' }];
  }
  return [];
}
