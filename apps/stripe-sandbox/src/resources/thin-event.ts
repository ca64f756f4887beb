import { newId } from '../ids.js';
import type { RequestOrigin } from '../sandbox.js';

/** The types of thin events that happen here. */
export const thinEventTypes = [
  'v1.billing.meter.error_report_triggered',
  'v1.billing.meter.no_meter_found',
  'v2.core.event_destination.ping',
] as const;

export type ThinEventType = (typeof thinEventTypes)[number];

/** An event that names what it is about, and has its data only when it is fetched. */
export interface ThinEvent {
  readonly id: string;
  readonly object: 'v2.core.event';
  /** RFC 3339, in UTC. */
  readonly created: string;
  readonly data?: object;
  readonly livemode: false;
  readonly reason?: {
    readonly request: { readonly id: string; readonly idempotency_key: string };
    readonly type: 'request';
  };
  readonly related_object?: RelatedObject;
  readonly type: ThinEventType;
}

export interface RelatedObject {
  readonly id: string;
  readonly type: string;
  /** The path that fetches it. */
  readonly url: string;
}

/** What a thin event is about, and what it says of it when it is fetched. */
export interface ThinContent {
  readonly data?: object;
  readonly relatedObject?: RelatedObject;
}

export function newThinEvent(
  type: ThinEventType,
  { data, relatedObject }: ThinContent,
  created: number,
  { id, idempotencyKey }: RequestOrigin,
): ThinEvent {
  return {
    id: newId('evt_test', 44),
    object: 'v2.core.event',
    created: isoOf(created),
    ...(data && { data }),
    livemode: false,
    ...(id !== null &&
      idempotencyKey !== null && { reason: { request: { id, idempotency_key: idempotencyKey }, type: 'request' } }),
    ...(relatedObject && { related_object: relatedObject }),
    type,
  };
}

/** The event as it is delivered: its data has to be fetched. */
export function notificationOf({ data: _data, ...notification }: ThinEvent): object {
  return notification;
}

/** An instant of version 2 of the API: RFC 3339 with milliseconds, in UTC. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
