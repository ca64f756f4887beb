import type { Policies } from '../api/policies.js';
import { type BodyForm, bodyForm, bodyWords } from './body-form.js';

/** The same with all left out that may go without saying, or is not typed yet. */
type Words<Value> = Value extends readonly (infer Item)[]
  ? readonly Words<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: Words<Value[Key]> }
    : Value;

/** Policies in the words of the catalogue file. */
export type PolicyWords = Words<Policies>;
/** What one section of them says. */
export type SectionWords<Section extends keyof PolicyWords> = NonNullable<PolicyWords[Section]>;
type AuthenticationWords = SectionWords<'authentication'>;
export type KeyWords = NonNullable<AuthenticationWords['keys']>;
export type JwtWords = NonNullable<AuthenticationWords['jwt']>;
export type MtlsWords = NonNullable<AuthenticationWords['mtls']>;
export type TransformationWords = SectionWords<'transformations'>[number];
type Side = 'request' | 'response';
type SideWords<Of extends Side> = NonNullable<TransformationWords[Of]>;
/** A transformation as the page edits it. */
export type TransformationForm = Omit<TransformationWords, Side> & {
  readonly [Of in Side]?: Omit<SideWords<Of>, 'body'> & { readonly body?: BodyForm };
};
/** Policies as the page edits them. */
export type PolicyForm = Omit<PolicyWords, 'transformations'> & {
  readonly transformations?: readonly TransformationForm[];
};
export type CacheRouteWords = NonNullable<SectionWords<'cache'>['routes']>[number];

/** A rule that tells soft errors: by a header or by a value in the body, with what is billed or what is not. */
export interface BillableRuleWords {
  readonly selector?: string;
  readonly header?: string;
  readonly pointer?: string;
  readonly oneOf?: readonly string[];
  readonly noneOf?: readonly string[];
}

/** What stands for nothing in the file. */
export const USUAL_POLICY = {
  keyHeader: 'x-api-key',
  applicationClaim: 'client_id',
  algorithms: ['RS256', 'ES256'],
  clockSkewSeconds: 30,
  httpsPort: 443,
  maxAgeSeconds: 600,
  bodyBytes: 10_485_760,
  checkedBytes: 1_048_576,
  keepSeconds: 86_400,
  cachedBytes: 1_048_576,
  connectTimeoutMs: 2_000,
  responseTimeoutMs: 30_000,
} as const;

/** Policies as the page edits them. */
export function policyForm({ transformations, ...others }: PolicyWords): PolicyForm {
  return { ...others, ...(transformations && { transformations: transformations.map(transformationForm) }) };
}

/**
 * What the page has, in the words of the catalogue file.
 * @throws SyntaxError or RangeError for a value of a body that is not JSON
 */
export function policyWords({ transformations, ...others }: PolicyForm): PolicyWords {
  return { ...others, ...(transformations && { transformations: transformations.map(transformationWords) }) };
}

function transformationForm({ request, response, ...others }: TransformationWords): TransformationForm {
  const side = <Words extends { readonly body?: object }>({ body, ...parts }: Words) => ({
    ...parts,
    ...(body && { body: bodyForm(body) }),
  });
  return { ...others, ...(request && { request: side(request) }), ...(response && { response: side(response) }) };
}

function transformationWords({ request, response, ...others }: TransformationForm): TransformationWords {
  const side = <Form extends { readonly body?: BodyForm }>({ body, ...parts }: Form) => ({
    ...parts,
    ...(body && { body: bodyWords(body) }),
  });
  return { ...others, ...(request && { request: side(request) }), ...(response && { response: side(response) }) };
}

/** The policies with another way to say who calls; without the section when nothing is said. */
export function withAuthentication<Part extends keyof AuthenticationWords>(
  words: PolicyForm,
  part: Part,
  value: AuthenticationWords[Part] | undefined,
): PolicyForm {
  const { authentication: before, ...others } = words;
  const authentication = Object.fromEntries(
    Object.entries({ ...before, [part]: value }).filter(([, one]) => one !== undefined),
  );
  return Object.keys(authentication).length === 0 ? others : { ...others, authentication };
}

/** A transformation with another part of one side; without the side when nothing of it is left. */
export function withChangePart(
  words: TransformationForm,
  side: Side,
  part: 'headers' | 'query' | 'path' | 'body',
  value: object | undefined,
): TransformationForm {
  const parts = Object.entries({ ...words[side], [part]: value }).filter(([, one]) => one !== undefined);
  const { [side]: _before, ...others } = words;
  return parts.length === 0 ? others : { ...others, [side]: Object.fromEntries(parts) };
}

/** A rule by a header or by a value in the body; the values stay. */
export function ruleBy(rule: BillableRuleWords, place: 'header' | 'pointer'): BillableRuleWords {
  const { header, pointer, ...others } = rule;
  const text = header ?? pointer ?? '';
  return place === 'header' ? { ...others, header: text } : { ...others, pointer: text };
}

/** A rule that names what is billed, or what is not; the values stay. */
export function ruleOf(
  rule: BillableRuleWords,
  kind: 'oneOf' | 'noneOf',
  values: readonly string[],
): BillableRuleWords {
  const { oneOf: _oneOf, noneOf: _noneOf, ...others } = rule;
  return { ...others, [kind]: values };
}

/** A list with one of its items elsewhere: rules hold in their order. */
export function movedTo<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const item = list[from];
  return item === undefined ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** What a selector may be, of the operations that a version has. */
export function selectorChoices(
  routes: readonly { readonly operation: string; readonly tags: readonly string[] }[],
): string[] {
  const tags = new Set(routes.flatMap((route) => route.tags.map((tag) => `tag:${tag}`)));
  return ['*', ...tags, ...new Set(routes.map(({ operation }) => operation))];
}
