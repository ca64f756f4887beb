import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deriveStripeTypes, type Endpoint, type Schema, type StripeTypes } from './derive-schemas.js';

const modules = path.resolve(import.meta.dirname, '../../../node_modules');

/** What the `stripe` package says of requests and answers. Each check returns what is wrong with the value. */
export abstract class StripeShapes {
  protected readonly types = stripeTypes();
  private readonly eventNames = new Map<string, string>();
  private readonly patterns = this.types.endpoints.map(
    (endpoint) => [endpoint, new RegExp(`^${endpoint.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)] as const,
  );

  endpoint(method: string, url: string): Endpoint {
    const matching = this.patterns
      .filter(([endpoint, pattern]) => endpoint.method === method && pattern.test(url))
      .map(([endpoint]) => endpoint);
    const exact = matching.find(({ path: known }) => known === url) ?? matching[0];
    if (exact === undefined) throw new Error(`Stripe has no ${method} ${url}`);
    return exact;
  }

  /** The names of the parameters that an endpoint takes. */
  parametersOf(endpoint: Endpoint): string[] {
    const definition = endpoint.params?.$ref && this.types.$defs[endpoint.params.$ref.replace('#/$defs/', '')];
    return Object.keys((definition || endpoint.params)?.properties ?? {});
  }

  requestFaults(endpoint: Endpoint, params: object): string[] {
    return endpoint.params === null ? [] : this.faults(endpoint.params, params);
  }

  answerFaults(endpoint: Endpoint, answer: object): string[] {
    if (!endpoint.isList) return this.objectFaults(endpoint, answer);
    const { data, ...envelope } = answer as { data: object[]; object: string; has_more: boolean; url: string };
    const shape = Object.entries(envelope).map(([key, value]) => `${key} ${typeof value}`);
    const faults = isEnvelope(endpoint, shape) ? [] : [`list of ${shape.join(', ')}`];
    return [...faults, ...data.flatMap((element) => this.objectFaults(endpoint, element))];
  }

  /** The definitions of API objects by what they call themselves in `object`; deleted ones apart. */
  definitionsOf(object: string, isDeleted: boolean): string[] {
    return Object.entries(this.types.$defs)
      .filter(([name, { properties, required }]) => {
        const own = properties?.['object'];
        const isObject = own?.const === object || (own?.enum?.length === 1 && own.enum[0] === object);
        return isObject && required?.includes('object') === true && name.includes('#Deleted') === isDeleted;
      })
      .map(([name]) => name);
  }

  definitionFaults(name: string, value: object): string[] {
    return this.faults({ $ref: `#/$defs/${name}` }, value);
  }

  /** An event is held against its own type only: all types of events together would take half a minute to compile. */
  private objectFaults(endpoint: Endpoint, object: { readonly object?: string; readonly type?: string }): string[] {
    if (endpoint.response === null) return [];
    const isEvent = object.object === 'event' || object.object === 'v2.core.event';
    return isEvent ? this.eventFaults(object.type!, object) : this.faults(endpoint.response, object);
  }

  eventFaults(type: string, event: { readonly object?: string }): string[] {
    const isThin = event.object === 'v2.core.event';
    const key = `${isThin ? 'thin' : 'snapshot'} ${type}`;
    const name =
      this.eventNames.get(key) ??
      Object.keys(this.types.$defs).find(
        (each) =>
          each.startsWith(isThin ? 'V2.Core.Events#' : 'Events#') &&
          !each.endsWith('Notification') &&
          this.types.$defs[each]?.properties?.['type']?.const === type,
      );
    if (name !== undefined) this.eventNames.set(key, name);
    return name === undefined ? [`Stripe has no event ${type}`] : this.definitionFaults(name, event);
  }

  protected abstract faults(schema: Schema, value: object): string[];
}

/** Version 1 of the API says whether there is more, and version 2 where. */
function isEnvelope(endpoint: Endpoint, shape: readonly string[]): boolean {
  if (endpoint.path.endsWith('/search')) {
    return /^object string,has_more boolean,next_page (object|string),url string$/.test(shape.join());
  }
  if (!endpoint.path.startsWith('/v2/')) return shape.join() === 'object string,has_more boolean,url string';
  return /^next_page_url (object|string),previous_page_url (object|string)$/.test(shape.join());
}

const longestDerivingMs = 60_000;

/** Derived once for each version of the package and of the deriving code, and kept with the installed modules. */
function stripeTypes(): StripeTypes {
  const folder = path.join(modules, 'stripe');
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  const code = readFileSync(path.join(import.meta.dirname, 'derive-schemas.ts'));
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const file = path.join(modules, '.cache/tollgate', `stripe-${version}-${hash}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  for (const lock = `${file}.lock`; ;) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as StripeTypes;
    try {
      mkdirSync(lock);
    } catch {
      // Another process derives them: it takes some seconds, and one that died leaves a lock that is too old.
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > longestDerivingMs) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      continue;
    }
    try {
      const types = deriveStripeTypes(folder);
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(types));
      renameSync(`${file}.${process.pid}`, file);
      return types;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}
