import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import type { HttpMethod } from '../document/open-api-document.js';
import { pathTemplateShape } from '../document/path-template.js';
import { accessRulesOf } from './access-rules.js';
import type { ChangedOperation, DocumentChange } from './document-change.js';
import { follow, OperationDiffer, type OperationSide } from './operation-differ.js';

const METHODS: readonly HttpMethod[] = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'];
/** More are not listed: nobody reads them, and they have to be kept and sent. */
const MAX_CHANGES = 5_000;

export interface DiffOptions {
  /**
   * Both are called through a gateway, which has an address and credentials of its own: the servers and security of the
   * documents are not what callers see. Default: false.
   */
  readonly isBehindGateway?: boolean;
}

/** What differs between two documents. */
export interface DocumentDiff {
  /** The API as a whole first, then by operation in the order of the newer document, those that are gone last. */
  readonly changes: readonly DocumentChange[];
  /** True when there was more to compare than is reasonable, so that changes may be missing. */
  readonly isCutShort: boolean;
}

interface Placed {
  readonly operation: ChangedOperation;
  readonly side: OperationSide;
}

/**
 * The changes from one document to another that callers or readers can notice. Both have passed `readOpenApiDocument`.
 * Operations are the same when they answer the same requests: by method and template, whatever its parameters are called.
 * References are followed, cycles end, and extensions (`x-…`) and components that no operation uses are not looked at.
 * Comparing a document with itself finds nothing. Work and result are bounded (3 million steps, 5 000 changes).
 */
export function diffDocuments(from: JsonObject, to: JsonObject, options: DiffOptions = {}): DocumentDiff {
  const steps = diffSteps(from, to, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of one operation, for a caller that has other things to do in between. */
export function* diffSteps(
  from: JsonObject,
  to: JsonObject,
  { isBehindGateway = false }: DiffOptions = {},
): Generator<undefined, DocumentDiff> {
  const changes: DocumentChange[] = [...wholeChanges(from, to)];
  const [before, after] = [operationsOf(from, isBehindGateway), operationsOf(to, isBehindGateway)];
  const differ = new OperationDiffer(from, to);
  for (const [key, { operation, side }] of after) {
    const was = before.get(key);
    if (was) changes.push(...pathChange(operation, was.operation), ...differ.compare(operation, was.side, side));
    else changes.push({ rule: 'operation_added', severity: 'non_breaking', operation, place: '', message: 'added' });
    if (changes.length > MAX_CHANGES || differ.isCutShort) {
      return { changes: changes.slice(0, MAX_CHANGES), isCutShort: true };
    }
    yield undefined;
  }
  for (const [key, { operation, side }] of before) {
    if (after.has(key)) continue;
    const message = side.operation.deprecated === true ? 'removed; it was deprecated' : 'removed';
    changes.push({ rule: 'operation_removed', severity: 'breaking', operation, place: '', message });
  }
  return { changes: changes.slice(0, MAX_CHANGES), isCutShort: changes.length > MAX_CHANGES };
}

function operationsOf(document: JsonObject, isBehindGateway: boolean): Map<string, Placed> {
  const found = new Map<string, Placed>();
  const add = (key: string, template: string, method: ChangedOperation['method'], item: JsonObject, name: string) => {
    const operation = item[name];
    if (!isJsonObject(operation)) return;
    const operationId = typeof operation.operationId === 'string' ? operation.operationId : null;
    const access = isBehindGateway || method === 'WEBHOOK' ? null : accessRulesOf(document, item, operation);
    found.set(key, { operation: { method, template, operationId }, side: { template, item, operation, access } });
  };
  for (const [template, value] of Object.entries(isJsonObject(document.paths) ? document.paths : {})) {
    if (template.startsWith('x-')) continue;
    const item = follow(document, value);
    for (const method of METHODS) {
      add(`${method} ${pathTemplateShape(template)}`, template, method, item, method.toLowerCase());
    }
  }
  for (const [name, value] of Object.entries(isJsonObject(document.webhooks) ? document.webhooks : {})) {
    const item = follow(document, value);
    for (const method of METHODS) add(`webhook ${method} ${name}`, name, 'WEBHOOK', item, method.toLowerCase());
  }
  return found;
}

function pathChange(operation: ChangedOperation, before: ChangedOperation): DocumentChange[] {
  if (operation.template === before.template) return [];
  const message = `path ${before.template} → ${operation.template}`;
  return [{ rule: 'path_renamed', severity: 'docs', operation, place: '', message }];
}

function wholeChanges(from: JsonObject, to: JsonObject): DocumentChange[] {
  const [before, after] = [infoOf(from), infoOf(to)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  const words = (place: string, message: string): DocumentChange => ({
    rule: 'words_changed',
    severity: 'docs',
    operation: null,
    place,
    message,
  });
  return [
    ...changed.map((key) => words(`info ${key}`, textChange(before[key], after[key]))),
    ...(isDeepStrictEqual(from.tags, to.tags) ? [] : [words('tags', 'changed')]),
    ...(isDeepStrictEqual(from.externalDocs, to.externalDocs) ? [] : [words('externalDocs', 'changed')]),
  ];
}

function textChange(from: JsonValue | undefined, to: JsonValue | undefined): string {
  if (typeof from !== 'string' || typeof to !== 'string' || Math.max(from.length, to.length) > 60) return 'changed';
  return `${from} → ${to}`;
}

function infoOf({ info }: JsonObject): JsonObject {
  if (!isJsonObject(info)) return {};
  return Object.fromEntries(Object.entries(info).filter(([key]) => !key.startsWith('x-')));
}
