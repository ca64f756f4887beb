import type { ApiAnswer, ApiRequest } from '../../../apps/stripe-sandbox/src/http/api.js';
import { decodeForm } from '../../../apps/stripe-sandbox/src/http/form.js';
import type { Schema } from './derive-schemas.js';
import { StripeShapes } from './stripe-shapes.js';

type Node = Readonly<Record<string, unknown>>;

/** The shapes without compiling them, which would take longer than most tests. Values of a form are text. */
export class QuickShapes extends StripeShapes {
  /** What is wrong with a request that was answered, or with the answer. Of one that was refused only the error counts. */
  exchangeFaults({ method, path, query, body }: ApiRequest, answer: ApiAnswer): string[] {
    const place = `${method} ${path}`;
    const answered = JSON.parse(answer.body) as Node;
    if (answer.status !== 200) {
      const { type, message } = (answered['error'] ?? {}) as Node;
      const isError = typeof type === 'string' && typeof message === 'string';
      return isError ? [] : [`${place}: ${answer.status} without an error of Stripe's form`];
    }
    const endpoint = this.endpoint(method, path);
    const isJson = method === 'POST' && path.startsWith('/v2/');
    const { page: _page, ...params } = (
      isJson ? JSON.parse(body || '{}') : decodeForm(method === 'POST' ? body : query)
    ) as Node;
    // Where a list of version 2 goes on is in a URL that the SDK follows as it is.
    const asked = path.startsWith('/v2/') || _page === undefined ? params : { ...params, page: _page };
    return [
      ...this.requestFaults(endpoint, asked).map((fault) => `request of ${place}: ${fault}`),
      ...this.answerFaults(endpoint, answered).map((fault) => `answer of ${place}: ${fault}`),
    ];
  }

  override requestFaults(...[{ params }, value]: Parameters<StripeShapes['requestFaults']>): string[] {
    return params === null ? [] : this.check(params, value, '', true);
  }

  protected override faults(schema: Schema, value: object): string[] {
    return this.check(schema, value, '', false);
  }

  /** The first fault on each way down; of alternatives the shortest list. */
  private check(schema: Schema, value: unknown, at: string, isForm: boolean): string[] {
    if (schema.$ref !== undefined) {
      return this.check(this.types.$defs[schema.$ref.replace('#/$defs/', '')]!, value, at, isForm);
    }
    if (schema.anyOf) {
      let fewest: string[] | undefined;
      for (const each of schema.anyOf) {
        const faults = this.check(each, value, at, isForm);
        if (faults.length === 0) return faults;
        if (fewest === undefined || faults.length < fewest.length) fewest = faults;
      }
      return fewest ?? [];
    }
    if (schema.allOf) return schema.allOf.flatMap((each) => this.check(each, value, at, isForm));
    const constants = schema.enum ?? ('const' in schema ? [schema.const] : undefined);
    if (constants) {
      const isOne = constants.some((each) => each === value || (isForm && String(each) === value));
      return isOne ? [] : [`${at} is ${JSON.stringify(value)}, not of ${JSON.stringify(constants).slice(0, 200)}`];
    }
    const types = schema.type === undefined ? [] : [schema.type].flat();
    if (types.length === 0) return [];
    const type = types.find((each) => hasType(each, value, isForm));
    if (type === undefined) return [`${at} is ${JSON.stringify(value)?.slice(0, 80)}, not ${types.join(' or ')}`];
    if (type === 'array') {
      const elements = Object.values(value as object) as unknown[];
      return elements.flatMap((each, index) => this.check(schema.items ?? {}, each, `${at}/${index}`, isForm));
    }
    return type === 'object' ? this.objectCheck(schema, value as Node, at, isForm) : [];
  }

  private objectCheck(schema: Schema, value: Node, at: string, isForm: boolean): string[] {
    const { properties = {}, required = [], additionalProperties: more } = schema;
    const missing = required.filter((name) => value[name] === undefined).map((name) => `${at} has no ${name}`);
    const held = Object.entries(value).flatMap(([name, each]) => {
      const own = Object.hasOwn(properties, name) ? properties[name]! : more;
      if (own === false) return [`${at} has ${name}, which Stripe does not have`];
      return own === undefined ? [] : this.check(own, each, `${at}/${name}`, isForm);
    });
    return [...missing, ...held];
  }
}

function hasType(type: string, value: unknown, isForm: boolean): boolean {
  const isText = typeof value === 'string';
  switch (type) {
    case 'string':
      return isText;
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean' || (isForm && (value === 'true' || value === 'false'));
    case 'integer':
      return Number.isInteger(value) || (isForm && isText && /^-?\d+$/.test(value));
    case 'number':
      return typeof value === 'number' || (isForm && isText && /^-?\d+(\.\d+)?$/.test(value));
    case 'array':
      return Array.isArray(value) || (isForm && isHash(value) && Object.keys(value).every((key) => /^\d+$/.test(key)));
    default:
      return isHash(value);
  }
}

function isHash(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
