import type { IncomingHttpHeaders } from 'node:http';
import { nowSeconds } from '../clock.js';
import { newId } from '../ids.js';
import { apiVersion } from '../resources/event.js';
import { expandables } from '../resources/expandables.js';
import { routes } from '../resources/routes.js';
import type { RequestOrigin, Sandbox } from '../sandbox.js';
import { authenticate, authenticateSession } from './authentication.js';
import { expand } from './expand.js';
import { type FaultKind, faultAnswer, faultFrom, faultHeader } from './fault-plan.js';
import { decodeForm, decodeJson, type FormTree } from './form.js';
import { checkKey, fingerprintOf, keyInUse, recall, remember } from './idempotency.js';
import { readParams, type ParamReaders, type Params } from './params.js';
import type { Route } from './route.js';
import { errorBodyOf, invalidRequest, StripeFault } from './stripe-fault.js';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True where the connection ends without the answer, as was asked for. */
  readonly isLost?: boolean;
}

interface Matched {
  readonly route: Route;
  readonly ids: readonly string[];
  readonly params: Params<ParamReaders>;
  readonly expand: readonly string[];
}

/** A request, and what was asked to go wrong with it. */
interface FaultyOrigin extends RequestOrigin {
  readonly fault: FaultKind | undefined;
}

/** The `/v1` and `/v2` endpoints: authentication, routing, parameters, idempotency, then the endpoint itself. */
export class Api {
  private readonly keysInFlight = new Set<string>();

  constructor(private readonly sandbox: Sandbox) {}

  async answer(request: ApiRequest): Promise<ApiAnswer> {
    const requestId = newId('req', 14);
    const key = request.method === 'POST' ? headerOf(request, 'idempotency-key') : undefined;
    const headers = {
      'content-type': 'application/json',
      'cache-control': 'no-cache, no-store',
      'request-id': requestId,
      'stripe-version': headerOf(request, 'stripe-version') ?? apiVersion,
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const fault = faultFrom(request.headers[faultHeader]) ?? this.sandbox.faults.next();
    try {
      this.authenticate(request);
      if (fault === 'rate_limit') throw faultAnswer(fault);
      const matched = match(request);
      const answer =
        key === undefined
          ? this.execute(matched, { id: requestId, idempotencyKey: null, fault })
          : await this.executeOnce(request, matched, { id: requestId, idempotencyKey: key, fault }, key);
      await this.sandbox.store.flushed();
      return {
        ...answer,
        headers: { ...headers, ...retryAdvice(answer.status), ...answer.headers },
        isLost: fault === 'timeout',
      };
    } catch (error) {
      const refusal = error instanceof StripeFault ? error : unexpected(error);
      return {
        status: refusal.status,
        headers: { ...headers, ...retryAdvice(refusal.status) },
        body: json(errorBodyOf(refusal, requestId)),
      };
    }
  }

  /** The stream of meter events has tokens of its own, and everything else a key. */
  private authenticate({ path, headers }: ApiRequest): void {
    const { authorization } = headers;
    const { store, clock } = this.sandbox;
    if (path !== '/v2/billing/meter_event_stream') authenticate(authorization);
    else authenticateSession(authorization, store.all('meter_event_sessions'), nowSeconds(clock));
  }

  /** Runs the endpoint unless the key has an answer already; then that is the answer, whatever it was. */
  private async executeOnce(
    request: ApiRequest,
    matched: Matched,
    origin: FaultyOrigin & { readonly id: string },
    key: string,
  ): Promise<ApiAnswer> {
    const { store, clock } = this.sandbox;
    checkKey(key);
    if (this.keysInFlight.has(key)) throw keyInUse(key);
    this.keysInFlight.add(key);
    try {
      const fingerprint = fingerprintOf(request.body);
      const created = nowSeconds(clock);
      const earlier = recall(store, key, request.path, fingerprint, created);
      if (earlier !== undefined) {
        const headers = { 'idempotent-replayed': 'true', 'original-request': earlier.requestId };
        return { status: earlier.status, headers, body: earlier.body };
      }
      const answer = this.execute(matched, origin, ({ status, body }) =>
        remember(store, { id: key, path: request.path, fingerprint, status, body, requestId: origin.id, created }),
      );
      await store.flushed();
      return answer;
    } finally {
      this.keysInFlight.delete(key);
    }
  }

  /**
   * Runs the endpoint. `keep` is called in the same transaction on success, so that no crash can part a charge from the
   * answer that its key replays.
   */
  private execute(matched: Matched, origin: FaultyOrigin, keep?: (answer: ApiAnswer) => void): ApiAnswer {
    const { route, params, ids } = matched;
    try {
      // Here, as its key replays a failure like any other answer.
      if (origin.fault === 'error') throw faultAnswer(origin.fault);
      return this.sandbox.perform(origin, (call) => {
        const [id = '', childId = ''] = ids;
        const object = expand(call, route.run(call, params, id, childId), matched.expand, expandables);
        const answer = { status: 200, headers: {}, body: json(object) };
        keep?.(answer);
        return answer;
      });
    } catch (error) {
      if (!(error instanceof StripeFault)) throw error;
      const body = json(errorBodyOf(error, origin.id ?? ''));
      const answer = { status: error.status, headers: {}, body };
      this.sandbox.store.transact(() => keep?.(answer));
      return answer;
    }
  }
}

function match(request: ApiRequest): Matched {
  for (const route of routes) {
    const found = route.method === request.method ? route.pattern.exec(request.path) : null;
    if (found === null) continue;
    const { expand: paths = [], ...params } = readParams(route.readers, paramsOf(request));
    return { route, ids: found.slice(1), params, expand: paths as string[] };
  }
  throw new StripeFault(404, {
    type: 'invalid_request_error',
    message:
      `Unrecognized request URL (${request.method}: ${request.path}). Please see https://stripe.com/docs or we can ` +
      'help at https://support.stripe.com/.',
  });
}

function paramsOf(request: ApiRequest): FormTree {
  if (request.method !== 'POST') return decodeForm(request.query);
  if (request.path.startsWith('/v2/')) return decodeJson(request.body);
  const contentType = headerOf(request, 'content-type') ?? 'application/x-www-form-urlencoded';
  if (request.body !== '' && !contentType.startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest(
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have ' +
        'questions, we can help at https://support.stripe.com/.',
    );
  }
  return decodeForm(request.body);
}

function headerOf(request: ApiRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** What Stripe tells its SDKs: a request that is wrong stays so, one that met another may go through. */
function retryAdvice(status: number): Record<string, string> {
  if (status === 409) return { 'stripe-should-retry': 'true' };
  if (status === 429) return { 'stripe-rate-limited-reason': 'global-rate' };
  return status >= 400 && status < 429 ? { 'stripe-should-retry': 'false' } : {};
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}

function unexpected(error: unknown): StripeFault {
  console.error('stripe-sandbox: unexpected error:', error);
  return new StripeFault(500, {
    type: 'api_error',
    message: 'The sandbox failed to do this; its log says why.',
  });
}
