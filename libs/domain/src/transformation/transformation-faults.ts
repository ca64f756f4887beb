import type { Route } from '../catalog/api.js';
import { selectsOperation } from '../catalog/operation-selector.js';
import { parseJsonPointer } from './json-pointer.js';
import { isProtectedInRequests, isProtectedInResponses } from './protected-headers.js';
import type { BodyChanges, FieldChanges, PathChange, TransformationDefinition } from './transformation-definition.js';
import { parseValueTemplate } from './value-template.js';

export interface TransformationFault {
  /** Where in the transformation, as keys from the outside in. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/;

/** What is wrong with a transformation by itself, whatever operations there are. */
export function transformationFaults({ request, response }: TransformationDefinition): TransformationFault[] {
  return [
    ...within(['request', 'headers'], headerFaults(request?.headers, isProtectedInRequests)),
    ...within(
      ['request', 'query'],
      fieldFaults(request?.query, queryNameFault, () => null),
    ),
    ...within(['request', 'path'], pathFaults(request?.path)),
    ...within(['request', 'body'], bodyFaults(request?.body)),
    ...within(['response', 'headers'], headerFaults(response?.headers, isProtectedInResponses)),
    ...within(['response', 'body'], bodyFaults(response?.body)),
  ];
}

/** What of a version's transformations does not fit its operations, or touches what the gateway tells the upstream in `ownHeaders`. */
export function transformationRouteFaults(
  definitions: readonly TransformationDefinition[],
  routes: readonly Route[],
  ownHeaders: readonly string[],
): TransformationFault[] {
  return definitions.flatMap((definition, index) => {
    const { selector, request } = definition;
    const selected = routes.filter((route) => selectsOperation(selector, route));
    const faults: TransformationFault[] = [];
    if (selected.length === 0) faults.push({ path: ['selector'], message: `no operation is called "${selector}"` });
    for (const parameter of parametersIn(definition)) {
      if (selected.some(({ template }) => template.includes(`{${parameter}}`))) continue;
      faults.push({ path: ['selector'], message: `no operation here has the path parameter "${parameter}"` });
    }
    const touched = request?.headers ? namesIn(request.headers).map(({ name }) => name.toLowerCase()) : [];
    for (const header of ownHeaders) {
      if (!touched.includes(header.toLowerCase())) continue;
      const message = `"${header}" carries the upstream's credential`;
      faults.push({ path: ['request', 'headers'], message });
    }
    return within([index], faults);
  });
}

function within(path: readonly (string | number)[], faults: readonly TransformationFault[]): TransformationFault[] {
  return faults.map((fault) => ({ path: [...path, ...fault.path], message: fault.message }));
}

function headerFaults(
  changes: FieldChanges | undefined,
  isProtected: (name: string) => boolean,
): TransformationFault[] {
  const nameFault = (name: string): string | null => {
    if (!HEADER_NAME.test(name)) return `"${name}" is no name of a header field`;
    return isProtected(name) ? `"${name}" is the gateway's own or belongs to one hop` : null;
  };
  const textFault = (text: string) => (HEADER_VALUE.test(text) ? null : 'a header field has printable ASCII only');
  return fieldFaults(changes, nameFault, textFault);
}

function queryNameFault(name: string): string | null {
  return name === '' || name.length > 128 ? 'a query parameter has a name of 1 to 128 characters' : null;
}

function fieldFaults(
  changes: FieldChanges | undefined,
  nameFault: (name: string) => string | null,
  textFault: (text: string) => string | null,
): TransformationFault[] {
  if (!changes) return [];
  const faults: TransformationFault[] = [];
  for (const { path, name } of namesIn(changes)) {
    const message = nameFault(name);
    if (message !== null) faults.push({ path, message });
  }
  for (const kind of ['set', 'add'] as const) {
    for (const [name, value] of Object.entries(changes[kind] ?? {})) {
      const message = templateFault(value, textFault);
      if (message !== null) faults.push({ path: [kind, name], message });
    }
  }
  return faults;
}

function namesIn(changes: FieldChanges): { readonly path: (string | number)[]; readonly name: string }[] {
  const { remove = [], rename = {}, set = {}, add = {} } = changes;
  return [
    ...remove.map((name, index) => ({ path: ['remove', index], name })),
    ...Object.entries(rename).flatMap(([from, to]) => [from, to].map((name) => ({ path: ['rename', from], name }))),
    ...Object.keys(set).map((name) => ({ path: ['set', name], name })),
    ...Object.keys(add).map((name) => ({ path: ['add', name], name })),
  ];
}

function templateFault(text: string, textFault: (text: string) => string | null): string | null {
  const parts = parseValueTemplate(text);
  if (typeof parts === 'string') return parts;
  for (const part of parts) {
    const fault = part.kind === 'text' ? textFault(part.text) : null;
    if (fault !== null) return fault;
  }
  return null;
}

function pathFaults(change: PathChange | undefined): TransformationFault[] {
  const faults: TransformationFault[] = [];
  const { stripPrefix, rewrite } = change ?? {};
  if (stripPrefix !== undefined && (!PATH.test(stripPrefix) || stripPrefix.endsWith('/')))
    faults.push({ path: ['stripPrefix'], message: 'a prefix begins with "/", ends with none and is percent-encoded' });
  if (rewrite !== undefined) {
    const parts = parseValueTemplate(rewrite);
    const isPath = PATH.test(
      typeof parts === 'string' ? '/' : parts.map((part) => (part.kind === 'text' ? part.text : 'x')).join(''),
    );
    if (typeof parts === 'string') faults.push({ path: ['rewrite'], message: parts });
    else if (!isPath) faults.push({ path: ['rewrite'], message: 'a path begins with "/" and is percent-encoded' });
  }
  return faults;
}

function bodyFaults(changes: BodyChanges | undefined): TransformationFault[] {
  if (!changes) return [];
  const { remove = [], rename = [], set = {}, template } = changes;
  const pointers: { path: (string | number)[]; pointer: string }[] = [
    ...remove.map((pointer, index) => ({ path: ['remove', index], pointer })),
    ...rename.flatMap(({ from, to }, index) => [
      { path: ['rename', index, 'from'], pointer: from },
      { path: ['rename', index, 'to'], pointer: to },
    ]),
    ...Object.keys(set).map((pointer) => ({ path: ['set', pointer], pointer })),
  ];
  const faults: TransformationFault[] = [];
  for (const { path, pointer } of pointers) {
    const tokens = parseJsonPointer(pointer);
    if (typeof tokens === 'string') faults.push({ path, message: tokens });
    else if (tokens.length === 0) faults.push({ path, message: 'the whole body is changed by a template only' });
  }
  for (const [pointer, value] of Object.entries(set))
    for (const message of jsonTemplateFaults(value)) faults.push({ path: ['set', pointer], message });
  for (const message of jsonTemplateFaults(template)) faults.push({ path: ['template'], message });
  return faults;
}

/** What is wrong with the texts in a JSON template. */
function jsonTemplateFaults(value: unknown): string[] {
  return textsIn(value).flatMap((text) => {
    const pointer = bodyPointerOf(text);
    const fault = pointer === null ? parseValueTemplate(text) : parseJsonPointer(pointer);
    return typeof fault === 'string' ? [fault] : [];
  });
}

/** The pointer of a text that is just `${body}` or `${body/pointer}`; null for other texts. */
export function bodyPointerOf(text: string): string | null {
  const match = /^\$\{body(\/[^{}]*)?\}$/.exec(text);
  return match ? (match[1] ?? '') : null;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function parametersIn({ request, response }: TransformationDefinition): ReadonlySet<string> {
  const texts = [
    ...[request?.headers, request?.query, response?.headers].flatMap((changes) => [
      ...Object.values(changes?.set ?? {}),
      ...Object.values(changes?.add ?? {}),
    ]),
    ...(request?.path?.rewrite === undefined ? [] : [request.path.rewrite]),
    ...[request?.body, response?.body].flatMap((changes) => textsIn([changes?.set, changes?.template])),
  ];
  const names = texts.flatMap((text) => {
    const parts = bodyPointerOf(text) === null ? parseValueTemplate(text) : [];
    return typeof parts === 'string'
      ? []
      : parts.flatMap((part) => (part.kind === 'path_parameter' ? [part.name] : []));
  });
  return new Set(names);
}
