import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import { resolveReference } from '../document/references.js';
import { SchemaComparer } from './compare-schemas.js';
import {
  type ChangedOperation,
  type ChangeSeverity,
  type Direction,
  type DocumentChange,
  severityOf,
} from './document-change.js';
import { type AccessRules, accessDifferences } from './access-rules.js';

const MAX_HOPS = 32;
/** OpenAPI 3.1.1, Parameter Object: header parameters of these names are ignored. */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);
const DEFAULT_STYLES: Readonly<Record<string, string>> = {
  query: 'form',
  cookie: 'form',
  path: 'simple',
  header: 'simple',
};

/** One operation of one document, with the parameters of its path. */
export interface OperationSide {
  readonly template: string;
  readonly item: JsonObject;
  readonly operation: JsonObject;
  readonly access: AccessRules | null;
}

/** Compares operations of two documents. */
export class OperationDiffer {
  private readonly schemas: SchemaComparer;

  constructor(
    private readonly from: JsonObject,
    private readonly to: JsonObject,
  ) {
    this.schemas = new SchemaComparer(from, to);
  }

  /** True when comparing stopped early, so that differences may be missing. */
  get isCutShort(): boolean {
    return this.schemas.isCutShort;
  }

  /** What differs between two operations that answer the same requests. */
  compare(operation: ChangedOperation, from: OperationSide, to: OperationSide): DocumentChange[] {
    const found = new Changes(operation);
    compareHead(found, from.operation, to.operation);
    if (from.access && to.access) {
      for (const { rule, severity, place, message } of accessDifferences(from.access, to.access)) {
        found.add(rule, severity, place, message);
      }
    }
    this.compareParameters(found, from, to);
    // What a webhook sends is what its receivers read.
    const isWebhook = operation.method === 'WEBHOOK';
    this.compareRequestBody(found, from.operation.requestBody, to.operation.requestBody, isWebhook ? 'read' : 'sent');
    this.compareResponses(found, from.operation.responses, to.operation.responses, isWebhook ? 'sent' : 'read');
    if (!isDeepStrictEqual(from.operation.callbacks, to.operation.callbacks)) {
      found.add('callbacks_changed', 'breaking', 'callbacks', 'changed');
    }
    return found.list;
  }

  private compareParameters(found: Changes, from: OperationSide, to: OperationSide): void {
    const [before, after] = [this.parametersOf(this.from, from), this.parametersOf(this.to, to)];
    for (const [key, one] of before) {
      const other = after.get(key);
      if (!other) found.add('parameter_removed', 'breaking', one.place, 'removed');
      else this.compareParameter(found, one, other);
    }
    for (const [key, { place, parameter }] of after) {
      if (before.has(key)) continue;
      if (isRequired(parameter)) found.add('required_parameter_added', 'breaking', place, 'added, required');
      else found.add('parameter_added', 'non_breaking', place, 'added, optional');
    }
  }

  private compareParameter(found: Changes, from: PlacedParameter, to: PlacedParameter): void {
    const { place } = to;
    const [before, after] = [from.parameter, to.parameter];
    if (from.place !== to.place) found.add('path_parameter_renamed', 'docs', place, `was ${from.place}`);
    if (isRequired(before) !== isRequired(after)) {
      if (isRequired(after)) found.add('parameter_required', 'breaking', place, 'is now required');
      else found.add('parameter_optional', 'non_breaking', place, 'is no longer required');
    }
    const [was, is] = [serialisationOf(before), serialisationOf(after)];
    if (was !== is) found.add('parameter_style_changed', 'breaking', place, `written as ${was} → ${is}`);
    if ((before.deprecated === true) !== (after.deprecated === true)) {
      const message = after.deprecated === true ? 'is now deprecated' : 'is no longer deprecated';
      found.add('deprecation_changed', 'non_breaking', place, message);
    }
    compareTexts(found, place, before, after, ['description', 'example', 'examples']);
    this.addSchemaChanges(found, place, before.schema, after.schema, 'sent');
    this.compareContent(found, place, before.content, after.content, 'sent');
  }

  /** By what makes them the same: path parameters by their position, headers without regard to case. */
  private parametersOf(
    document: JsonObject,
    { template, item, operation }: OperationSide,
  ): Map<string, PlacedParameter> {
    const positions = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
    const parameters = new Map<string, PlacedParameter>();
    for (const value of [...listOf(item.parameters), ...listOf(operation.parameters)]) {
      const parameter = follow(document, value);
      const { in: location, name } = parameter;
      if (typeof name !== 'string' || typeof location !== 'string') continue;
      if (location === 'header' && IGNORED_HEADERS.has(name.toLowerCase())) continue;
      const key =
        location === 'path'
          ? `path ${positions.indexOf(name)}`
          : `${location} ${location === 'header' ? name.toLowerCase() : name}`;
      parameters.set(key, { place: `${location} parameter ${name}`, parameter });
    }
    return parameters;
  }

  private compareRequestBody(
    found: Changes,
    from: JsonValue | undefined,
    to: JsonValue | undefined,
    direction: Direction,
  ): void {
    const place = 'request body';
    if (from === undefined && to === undefined) return;
    const [before, after] = [follow(this.from, from), follow(this.to, to)];
    if (to === undefined) return found.add('request_body_removed', 'breaking', place, 'removed');
    if (from === undefined) {
      const isNeeded = after.required === true && direction === 'sent';
      if (isNeeded) return found.add('required_request_body_added', 'breaking', place, 'added, required');
      return found.add('request_body_added', 'non_breaking', place, 'added');
    }
    if ((before.required === true) !== (after.required === true)) {
      const isNeeded = after.required === true;
      found.add(
        isNeeded ? 'request_body_required' : 'request_body_optional',
        severityOf(isNeeded ? 'narrower' : 'wider', direction),
        place,
        isNeeded ? 'is now required' : 'is no longer required',
      );
    }
    compareTexts(found, place, before, after, ['description']);
    this.compareContent(found, place, before.content, after.content, direction);
  }

  private compareResponses(
    found: Changes,
    from: JsonValue | undefined,
    to: JsonValue | undefined,
    direction: Direction,
  ): void {
    const [before, after] = [responsesOf(from), responsesOf(to)];
    for (const [status, value] of before) {
      const place = `response ${status}`;
      const other = after.get(status);
      if (other === undefined) {
        const severity = status.startsWith('2') ? 'breaking' : 'non_breaking';
        found.add('response_removed', severity, place, 'removed');
        continue;
      }
      const [one, next] = [follow(this.from, value), follow(this.to, other)];
      compareTexts(found, place, one, next, ['description']);
      this.compareHeaders(found, place, one.headers, next.headers);
      this.compareContent(found, place, one.content, next.content, direction);
      if (!isDeepStrictEqual(one.links, next.links)) found.add('links_changed', 'docs', place, 'links changed');
    }
    for (const status of after.keys()) {
      if (!before.has(status)) found.add('response_added', 'non_breaking', `response ${status}`, 'added');
    }
  }

  private compareHeaders(found: Changes, place: string, from: JsonValue | undefined, to: JsonValue | undefined): void {
    const [before, after] = [headersOf(from), headersOf(to)];
    for (const [name, value] of before) {
      const at = `${place} header ${name}`;
      const other = after.get(name);
      if (other === undefined) {
        found.add('response_header_removed', 'breaking', at, 'removed');
        continue;
      }
      const [one, next] = [follow(this.from, value), follow(this.to, other)];
      if ((one.required === true) !== (next.required === true)) {
        if (next.required === true) found.add('response_header_required', 'non_breaking', at, 'is now always there');
        else found.add('response_header_optional', 'breaking', at, 'may now be absent');
      }
      compareTexts(found, at, one, next, ['description', 'example', 'examples']);
      this.addSchemaChanges(found, at, one.schema, next.schema, 'read');
    }
    for (const name of after.keys()) {
      if (!before.has(name)) found.add('response_header_added', 'non_breaking', `${place} header ${name}`, 'added');
    }
  }

  private compareContent(
    found: Changes,
    place: string,
    from: JsonValue | undefined,
    to: JsonValue | undefined,
    direction: Direction,
  ): void {
    const [before, after] = [contentOf(from), contentOf(to)];
    for (const [type, media] of before) {
      const at = `${place} ${type}`;
      const other = after.get(type);
      if (!other) {
        found.add('media_type_removed', 'breaking', at, 'removed');
        continue;
      }
      this.addSchemaChanges(found, at, media.schema, other.schema, direction);
      if (!isDeepStrictEqual(media.encoding, other.encoding)) {
        found.add('encoding_changed', 'breaking', at, 'encoding of its parts changed');
      }
      compareTexts(found, at, media, other, ['example', 'examples']);
    }
    for (const type of after.keys()) {
      if (!before.has(type)) found.add('media_type_added', 'non_breaking', `${place} ${type}`, 'added');
    }
  }

  private addSchemaChanges(
    found: Changes,
    place: string,
    from: JsonValue | undefined,
    to: JsonValue | undefined,
    direction: Direction,
  ): void {
    for (const { rule, effect, path, message } of this.schemas.compare(from, to, direction)) {
      const shown = path.startsWith('.') ? path.slice(1) : path;
      found.add(rule, severityOf(effect, direction), shown === '' ? place : `${place} · ${shown}`, message);
    }
  }
}

interface PlacedParameter {
  readonly place: string;
  readonly parameter: JsonObject;
}

class Changes {
  readonly list: DocumentChange[] = [];

  constructor(private readonly operation: ChangedOperation) {}

  add(rule: string, severity: ChangeSeverity, place: string, message: string): void {
    this.list.push({ rule, severity, operation: this.operation, place, message });
  }
}

function compareHead(found: Changes, from: JsonObject, to: JsonObject): void {
  if (from.operationId !== to.operationId) {
    // Callers do not see it, but code that is generated from the document has it as a name.
    found.add('operation_renamed', 'non_breaking', '', `operationId ${nameOf(from)} → ${nameOf(to)}`);
  }
  if ((from.deprecated === true) !== (to.deprecated === true)) {
    const message = to.deprecated === true ? 'is now deprecated' : 'is no longer deprecated';
    found.add('deprecation_changed', 'non_breaking', '', message);
  }
  compareTexts(found, '', from, to, ['summary', 'description', 'tags', 'externalDocs']);
}

function nameOf({ operationId }: JsonObject): string {
  return textOf(operationId) || 'none';
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function compareTexts(found: Changes, place: string, from: JsonObject, to: JsonObject, keys: readonly string[]): void {
  const changed = keys.filter((key) => !isDeepStrictEqual(from[key], to[key]));
  if (changed.length > 0) found.add('words_changed', 'docs', place, `${changed.join(', ')} changed`);
}

function isRequired({ required, in: location }: JsonObject): boolean {
  return required === true || location === 'path';
}

/** How a parameter stands in the request. */
function serialisationOf(parameter: JsonObject): string {
  const style =
    typeof parameter.style === 'string' ? parameter.style : (DEFAULT_STYLES[textOf(parameter.in)] ?? 'form');
  const explode = typeof parameter.explode === 'boolean' ? parameter.explode : style === 'form';
  return `${style}${explode ? ', exploded' : ''}${parameter.allowReserved === true ? ', reserved characters' : ''}`;
}

function responsesOf(value: JsonValue | undefined): Map<string, JsonValue> {
  if (!isJsonObject(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([status, response]) =>
      status.startsWith('x-')
        ? []
        : [[status.toUpperCase() === 'DEFAULT' ? 'default' : status.toUpperCase(), response]],
    ),
  );
}

function headersOf(value: JsonValue | undefined): Map<string, JsonValue> {
  if (!isJsonObject(value)) return new Map();
  const entries = Object.entries(value).map(([name, header]): [string, JsonValue] => [name.toLowerCase(), header]);
  return new Map(entries.filter(([name]) => name !== 'content-type'));
}

/** Media types without regard to case and spaces. */
function contentOf(value: JsonValue | undefined): Map<string, JsonObject> {
  if (!isJsonObject(value)) return new Map();
  return new Map(
    Object.entries(value).map(([type, media]) => [
      type.toLowerCase().replace(/\s+/g, ''),
      isJsonObject(media) ? media : {},
    ]),
  );
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** An object, or what its references lead to; empty for anything else. */
export function follow(document: JsonObject, value: JsonValue | undefined): JsonObject {
  let current = value;
  for (let hop = 0; hop < MAX_HOPS && isJsonObject(current) && typeof current.$ref === 'string'; hop += 1) {
    current = resolveReference(document, current.$ref);
  }
  return isJsonObject(current) ? current : {};
}
