import type { GraphqlTranslationPolicy } from '#domain';
import { type Binding, boundValue, placeOf, unboundFaults, valueAt } from '../binding.js';
import type { RequestFault, RestRequest, TranslatedRequest } from '../rest-request.js';
import { MalformedAnswerError } from '../translation-fault.js';
import { type TranslatedAnswer, answerByStatus } from '../whole-answer.js';
import { shownErrors, statusOfErrors } from './graphql-errors.js';

/** What a variable takes: a text of a path or query is read by it, as JSON has it. */
export interface VariableType {
  readonly scalar: string;
  readonly isList: boolean;
  /** Not null, and without a default. */
  readonly isRequired: boolean;
}

export interface BoundVariable {
  readonly name: string;
  readonly type: VariableType;
  readonly binding: Binding;
}

/** An operation and its document, checked. */
export interface GraphqlMapping {
  readonly document: string;
  readonly operationName: string | null;
  readonly variables: readonly BoundVariable[];
  /** Into `data`. */
  readonly result: readonly string[];
  readonly nullStatus: number;
}

/** One operation that is a GraphQL query or mutation. What callers say is never a part of the document: it is in variables only. */
export class GraphqlOperation {
  constructor(
    private readonly mapping: GraphqlMapping,
    private readonly policy: GraphqlTranslationPolicy,
  ) {}

  translate(request: RestRequest): TranslatedRequest | readonly RequestFault[] {
    const { document, operationName, variables } = this.mapping;
    const bindings = variables.map(({ binding }) => binding);
    const faults = [...unboundFaults(bindings, request, this.policy.unknownFields)];
    const values: [string, unknown][] = [];
    for (const { name, type, binding } of variables) {
      const value = boundValue(binding, request);
      const read = binding.from === 'body' ? value : readTexts(type, value as string | string[] | undefined);
      if (read instanceof Unreadable) faults.push({ ...placeOf(binding), message: read.message });
      else if ((read ?? null) === null && type.isRequired)
        faults.push({ ...placeOf(binding), message: 'this is required' });
      else if (read !== undefined) values.push([name, read]);
    }
    if (faults.length > 0) return faults;
    const named = operationName === null ? {} : { operationName };
    const body = JSON.stringify({ query: document, ...named, variables: Object.fromEntries(values) });
    return { path: this.policy.path ?? '', fields: FIELDS, body: Buffer.from(body) };
  }

  /**
   * `body` is the parsed answer; `undefined` for what is no JSON.
   * @throws MalformedAnswerError for what is no answer of GraphQL
   */
  answer(status: number, body: unknown): TranslatedAnswer {
    if (!isRecord(body) || (body['data'] === undefined && !Array.isArray(body['errors']))) {
      const known = answerByStatus(status);
      if (known) return known;
      throw new MalformedAnswerError(`the answer with the status ${status} is none of GraphQL`);
    }
    const { result, nullStatus } = this.mapping;
    const value = valueAt(body['data'], result) ?? null;
    const errors = Array.isArray(body['errors']) ? shownErrors(body['errors']) : [];
    if (errors.length > 0) {
      if (value !== null) return { kind: 'result', value: { data: value, errors } };
      const problemStatus = statusOfErrors(errors, this.policy.statuses);
      return { kind: 'problem', status: problemStatus, detail: errors[0]!.message, says: { errors } };
    }
    if (value !== null || nullStatus === 200) return { kind: 'result', value };
    return { kind: 'problem', status: nullStatus, detail: 'There is nothing here.', says: {} };
  }
}

const FIELDS = [
  'content-type',
  'application/json',
  'accept',
  'application/graphql-response+json, application/json;q=0.9',
  'accept-encoding',
  'identity',
  'user-agent',
  'tollgate',
];

/** Why a text is not of the type that its variable has. */
class Unreadable {
  constructor(readonly message: string) {}
}

function readTexts(type: VariableType, texts: string | readonly string[] | undefined): unknown {
  if (texts === undefined) return undefined;
  const all = typeof texts === 'string' ? [texts] : texts;
  if (!type.isList && all.length > 1) return new Unreadable('expected one value');
  const values = all.map((text) => readText(type.scalar, text));
  return values.find((value) => value instanceof Unreadable) ?? (type.isList ? values : values[0]);
}

function readText(scalar: string, text: string): unknown {
  switch (scalar) {
    case 'Int':
      return /^-?\d{1,10}$/.test(text) ? Number(text) : new Unreadable('expected a whole number');
    case 'Float':
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))
        ? Number(text)
        : new Unreadable('expected a number');
    case 'Boolean':
      return text === 'true' || text === 'false' ? text === 'true' : new Unreadable('expected true or false');
    default:
      return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
