import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, { readonly const?: unknown }>>;
}

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly params: Schema | null;
  readonly response: Schema | null;
  readonly list: string | null;
}

interface Published {
  readonly endpoints: readonly Endpoint[];
  readonly $defs: Readonly<Record<string, Schema>>;
}

const file = path.resolve(import.meta.dirname, '../../../../shared/stripe/stripe-node-23.1.0.json-schemas.json.gz');

/** False where the schemas derived from the published `stripe` package do not lie beside the repository. */
export const hasStripeSchemas = existsSync(file);

/** What the `stripe` package says of requests and answers. Each check returns what is wrong with the value. */
export class StripeSchemas {
  private readonly published = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Published;
  private readonly ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    validateSchema: false,
    inlineRefs: false,
  });

  private readonly compiled = new Map<string, ValidateFunction>();

  constructor() {
    this.ajv.addSchema({ $id: 'stripe', $defs: this.published.$defs });
  }

  endpoint(method: string, url: string): Endpoint {
    const matching = this.published.endpoints.filter(
      (endpoint) =>
        endpoint.method === method && new RegExp(`^${endpoint.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(url),
    );
    const exact = matching.find(({ path: known }) => known === url) ?? matching[0];
    if (exact === undefined) throw new Error(`Stripe has no ${method} ${url}`);
    return exact;
  }

  /** The names of the parameters that an endpoint takes. */
  parametersOf(endpoint: Endpoint): string[] {
    const definition = endpoint.params?.$ref && this.published.$defs[endpoint.params.$ref.replace('#/$defs/', '')];
    return Object.keys((definition || endpoint.params)?.properties ?? {});
  }

  requestFaults(endpoint: Endpoint, params: object): string[] {
    return endpoint.params === null ? [] : this.faults(endpoint.params, params);
  }

  answerFaults(endpoint: Endpoint, answer: object): string[] {
    if (endpoint.list === null) return this.objectFaults(endpoint, answer);
    const { data, ...envelope } = answer as { data: object[]; object: string; has_more: boolean; url: string };
    const shape = Object.entries(envelope).map(([key, value]) => `${key} ${typeof value}`);
    const expected = ['object string', 'has_more boolean', 'url string'];
    const faults = JSON.stringify(shape) === JSON.stringify(expected) ? [] : [`list of ${shape.join(', ')}`];
    return [...faults, ...data.flatMap((element) => this.objectFaults(endpoint, element))];
  }

  /** An event is held against its own type only: all types of events together would take half a minute to compile. */
  private objectFaults(endpoint: Endpoint, object: { readonly object?: string; readonly type?: string }): string[] {
    return object.object === 'event' ? this.eventFaults(object.type!, object) : this.faults(endpoint.response!, object);
  }

  private eventFaults(type: string, event: object): string[] {
    const name = Object.keys(this.published.$defs).find(
      (each) => each.startsWith('Events#') && this.published.$defs[each]?.properties?.['type']?.const === type,
    );
    return name === undefined ? [`Stripe has no event ${type}`] : this.faults({ $ref: `#/$defs/${name}` }, event);
  }

  private faults(schema: Schema, value: object): string[] {
    const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"stripe#/$defs/');
    let validate = this.compiled.get(text);
    if (validate === undefined) {
      validate = this.ajv.compile(JSON.parse(text) as object);
      this.compiled.set(text, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}
