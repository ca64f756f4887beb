import type { BodyForm, OperationForm, ParameterField } from './operation-form.js';

/** What was written into a form. */
export interface FormValues {
  /** By the ids of the parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Null for no body. */
  readonly body: { readonly form: BodyForm; readonly text: string } | null;
}

/** A call as it is sent. */
export interface CallRequest {
  readonly method: string;
  /** What follows the base path, percent-encoded. */
  readonly path: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string | null;
}

/** The call, or what must be mended first, by the id of a parameter; "body" for the body. */
export type WrittenCall =
  | { readonly request: CallRequest; readonly faults: null }
  | { readonly request: null; readonly faults: Readonly<Record<string, string>> };

/** What a form starts with. */
export function initialValues({ parameters, bodies }: OperationForm): FormValues {
  const [form] = bodies;
  return {
    parameters: Object.fromEntries(parameters.map(({ id, initial }) => [id, initial])),
    body: form ? { form, text: form.initial } : null,
  };
}

/** The call that the values of a form mean. A parameter that is empty is not sent. */
export function callRequest(form: OperationForm, values: FormValues): WrittenCall {
  const faults: Record<string, string> = {};
  const query: string[] = [];
  const headers: { name: string; value: string }[] = [];
  const valueOf = ({ id }: ParameterField) => (Object.hasOwn(values.parameters, id) ? values.parameters[id]! : '');
  for (const field of form.parameters) {
    const value = valueOf(field);
    const fault = faultOf(field, value);
    if (fault) faults[field.id] = fault;
    else if (value !== '' && field.place === 'query') query.push(...queryPairs(field, value));
    else if (value !== '' && field.place === 'header') headers.push({ name: field.name, value });
  }
  const body = bodyOf(values.body);
  if (body === undefined) faults['body'] = 'This is not JSON: look for a comma or a quote that is missing.';
  if (form.isBodyRequired && form.bodies.length > 0 && !values.body) faults['body'] = 'A body is needed.';
  if (Object.keys(faults).length > 0) return { request: null, faults };
  const inPath = new Map(form.parameters.filter(({ place }) => place === 'path').map((field) => [field.name, field]));
  const path = form.template.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const field = inPath.get(name);
    return field ? encoded(valueOf(field)) : encoded(whole);
  });
  const search = query.length > 0 ? `?${query.join('&')}` : '';
  const type = values.body ? [{ name: 'content-type', value: values.body.form.mediaType }] : [];
  const request = {
    method: form.method,
    path: canonical(path) + search,
    headers: [...headers, ...type],
    body: body ?? null,
  };
  return { request, faults: null };
}

/** Null without a body; undefined when it cannot be sent. */
function bodyOf(body: FormValues['body']): string | null | undefined {
  if (!body) return null;
  if (body.form.kind === 'form') return formBody(body.text);
  if (body.form.kind === 'json' && !isJson(body.text)) return undefined;
  return body.text;
}

/** A line "name=value" for each field. */
function formBody(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf('=');
    return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
  });
  return new URLSearchParams(pairs).toString();
}

function faultOf({ kind, isRequired, place, choices }: ParameterField, value: string): string | null {
  if (value === '') return isRequired ? 'This is needed.' : null;
  if (place === 'path' && /^\.{1,2}$/.test(value)) return 'A path cannot have this as a part.';
  if (place === 'header' && /[^\t\x20-\x7e]/.test(value)) return 'A header has plain letters, digits and signs only.';
  if (kind === 'integer' && !/^-?\d+$/.test(value)) return 'A whole number is needed.';
  if (kind === 'number' && !/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return 'A number is needed.';
  if (kind === 'choice' && !choices.includes(value)) return 'One of the choices is needed.';
  if (kind === 'json' && !isJson(value)) return 'This is not JSON.';
  return null;
}

function queryPairs({ name, kind, isExploded, isDeepObject }: ParameterField, value: string): string[] {
  const pair = (key: string, one: string) => `${encoded(key)}=${encoded(one)}`;
  if (kind === 'list') {
    const parts = value.split(',').map((part) => part.trim());
    return isExploded ? parts.map((part) => pair(name, part)) : [`${encoded(name)}=${parts.map(encoded).join(',')}`];
  }
  if (kind === 'json' && isDeepObject) {
    const tree: unknown = JSON.parse(value);
    const entries = typeof tree === 'object' && tree !== null ? Object.entries(tree) : [];
    return entries.map(([key, one]) => pair(`${name}[${key}]`, typeof one === 'string' ? one : JSON.stringify(one)));
  }
  return [pair(name, value)];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Percent-encoded as a part of a path or query, also what cannot stand there alone: half of a pair of surrogates. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27');
}

/** What the template itself has in it is written as an address has it. */
function canonical(path: string): string {
  return URL.parse(path, 'http://gateway.invalid')?.pathname ?? path;
}
