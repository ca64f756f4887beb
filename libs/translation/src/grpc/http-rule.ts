import type { Route } from '#domain';
import { type DescMethod, type FileRegistry, getOption, hasOption } from '@bufbuild/protobuf';

/** One way in which `google.api.http` says that a method is called. */
export interface HttpBinding {
  readonly method: string;
  readonly template: string;
  readonly body: string;
  readonly responseBody: string;
}

/** The message `google.api.HttpRule`, as it is read with the descriptors of the publisher. */
interface HttpRule {
  readonly pattern?: {
    readonly case?: string;
    readonly value?: string | { readonly kind: string; readonly path: string };
  };
  readonly body?: string;
  readonly responseBody?: string;
  readonly additionalBindings?: readonly HttpRule[];
}

/** What the annotations of a method say; empty where it has none. */
export function httpBindingsOf(method: DescMethod, registry: FileRegistry): readonly HttpBinding[] {
  const extension = registry.getExtension('google.api.http');
  if (extension?.message?.typeName !== 'google.api.HttpRule') return [];
  if (extension.extendee.typeName !== 'google.protobuf.MethodOptions' || !hasOption(method, extension)) return [];
  const rule = getOption(method, extension) as unknown as HttpRule;
  return [rule, ...(rule.additionalBindings ?? [])].flatMap((one) => bindingOf(one) ?? []);
}

function bindingOf({ pattern, body = '', responseBody = '' }: HttpRule): HttpBinding | null {
  const value = pattern?.value;
  if (pattern?.case === undefined || value === undefined) return null;
  if (typeof value === 'string') return { method: pattern.case.toUpperCase(), template: value, body, responseBody };
  return { method: value.kind.toUpperCase(), template: value.path, body, responseBody };
}

/** The value of a field, out of the path: texts that are fixed, and path parameters of the OpenAPI document. */
export interface PathBinding {
  readonly field: string;
  readonly segments: readonly ({ readonly text: string } | { readonly parameter: string })[];
}

/**
 * How a path of an OpenAPI document fills the variables of a rule's template; null when the two are not the same path. A variable of
 * several segments (`{name=shelves/*}`) is as many in the document (`/shelves/{shelf}`); `**` is in no path of OpenAPI.
 */
export function matchTemplate(template: string, route: Pick<Route, 'template'>): readonly PathBinding[] | null {
  const rule = parseTemplate(template);
  if (rule === null) return null;
  const path = withoutVerb(route.template, rule.verb);
  if (path === null || path.length !== rule.segments.length) return null;
  const values: PathBinding['segments'][number][] = [];
  for (const [index, segment] of rule.segments.entries()) {
    const parameter = /^\{([^{}]+)\}$/.exec(path[index]!)?.[1];
    if (segment === '*') {
      if (parameter === undefined) return null;
      values.push({ parameter });
    } else {
      if (segment !== path[index]) return null;
      values.push({ text: segment });
    }
  }
  return rule.variables.map(({ field, from, to }) => ({ field, segments: values.slice(from, to) }));
}

interface Template {
  /** Literals, or "*". */
  readonly segments: readonly string[];
  readonly variables: readonly { readonly field: string; readonly from: number; readonly to: number }[];
  readonly verb: string;
}

const LITERAL = /^[^{}*/:=]+$/;

/** A path template in the grammar of google/api/http.proto; null for one that is wrong or has `**`. */
function parseTemplate(template: string): Template | null {
  const whole = /^\/(.*?)(?::([^/{}:]+))?$/.exec(template);
  if (!whole) return null;
  const segments: string[] = [];
  const variables: { field: string; from: number; to: number }[] = [];
  for (const part of whole[1]!.match(/\{[^{}]*\}|[^/]+/g) ?? []) {
    const variable = /^\{([^{}=]+)(?:=([^{}]+))?\}$/.exec(part);
    const parts = variable ? (variable[2] ?? '*').split('/') : [part];
    if (!parts.every((text) => text === '*' || LITERAL.test(text))) return null;
    if (variable) variables.push({ field: variable[1]!, from: segments.length, to: segments.length + parts.length });
    segments.push(...parts);
  }
  return { segments, variables, verb: whole[2] ?? '' };
}

function withoutVerb(template: string, verb: string): readonly string[] | null {
  const suffix = verb === '' ? '' : `:${verb}`;
  if (!template.endsWith(suffix)) return null;
  return template.slice(1, template.length - suffix.length).split('/');
}
