import {
  type BodyChanges as BodyChangesDefinition,
  DEFAULT_BODY_BYTES,
  type RequestTransformation,
  type Route,
  type TooLargeAnswer,
  type TransformationDefinition,
  selectsOperation,
} from '#domain';
import { BodyChanges } from './body-changes.js';
import { HeaderChanges } from './header-changes.js';
import { PathRewrite } from './path-rewrite.js';
import { QueryChanges } from './query-changes.js';
import type { Variables } from './variables.js';

/** What is to be done to the requests or responses of one operation; null for what is not touched. */
interface MessageChanges {
  readonly headers: readonly HeaderChanges[];
  readonly bodies: readonly BodyChanges[];
  /** The largest body that is changed. */
  readonly maxBodyBytes: number;
}

export interface RequestChanges extends MessageChanges {
  readonly queries: readonly QueryChanges[];
  readonly paths: readonly PathRewrite[];
}

export interface ResponseChanges extends MessageChanges {
  readonly tooLarge: TooLargeAnswer;
}

/** All transformations of one operation, made once when the snapshot loads; a side that nothing touches is null. */
export interface Transformation {
  readonly request: RequestChanges | null;
  readonly response: ResponseChanges | null;
}

/** Only a whole answer without content coding can be changed. */
const forWholeAnswer: RequestTransformation = {
  headers: { remove: ['range', 'if-range'], set: { 'accept-encoding': 'identity' } },
};

/** The transformations that select an operation, in their order; null when none does. */
export function transformationOf(
  definitions: readonly TransformationDefinition[],
  route: Route,
): Transformation | null {
  const selected = definitions.filter(({ selector }) => selectsOperation(selector, route));
  const responses = selected.flatMap(({ response }) => response ?? []);
  const responseBodies = responses.flatMap(({ body }) => body ?? []);
  const requests = selected.flatMap(({ request }) => request ?? []);
  if (responseBodies.length > 0) requests.push(forWholeAnswer);
  if (requests.length === 0 && responses.length === 0) return null;
  return {
    request:
      requests.length === 0
        ? null
        : {
            ...messageChanges(requests),
            queries: requests.flatMap(({ query }) => (query ? [new QueryChanges(query)] : [])),
            paths: requests.flatMap(({ path }) => (path ? [new PathRewrite(path)] : [])),
          },
    response:
      responses.length === 0
        ? null
        : {
            ...messageChanges(responses),
            tooLarge: responseBodies.some(({ tooLarge }) => tooLarge === 'refuse') ? 'refuse' : 'pass',
          },
  };
}

function messageChanges(
  definitions: readonly Pick<NonNullable<TransformationDefinition['request']>, 'headers' | 'body'>[],
): MessageChanges {
  const bodies = definitions.flatMap(({ body }) => (body ? [body] : []));
  return {
    headers: definitions.flatMap(({ headers }) => (headers ? [new HeaderChanges(headers)] : [])),
    bodies: bodies.map((body) => new BodyChanges(body)),
    maxBodyBytes: smallestBound(bodies),
  };
}

function smallestBound(bodies: readonly BodyChangesDefinition[]): number {
  return Math.min(...bodies.map(({ maxBytes }) => maxBytes ?? DEFAULT_BODY_BYTES));
}

export function changeHeaders({ headers }: MessageChanges, fields: string[], variables: Variables): string[] {
  let changed = fields;
  for (const change of headers) changed = change.applyTo(changed, variables);
  return changed;
}

export function changeBody({ bodies }: MessageChanges, body: unknown, variables: Variables): unknown {
  let changed = body;
  for (const change of bodies) changed = change.applyTo(changed, variables);
  return changed;
}
