import type { DecimalString } from './plan-definition.js';

/**
 * Where the number of units of a call comes from when it is not the same for every call. Each is multiplied by the
 * binding's weight. `maximum` is in units of the meter: it is reserved before the call, and more is never billed; without
 * one it is that of `defaultMaximums`. `header` is `DEFAULT_COST_HEADER` unless it is named.
 */
export type MeterValue =
  | {
      readonly from: 'response_header';
      readonly header?: string | undefined;
      readonly maximum?: DecimalString | undefined;
    }
  | {
      readonly from: 'response_json';
      /** RFC 6901; of a stream of server-sent events, in the last event's data that has it. */
      readonly pointer: string;
      /** What counts when the body does not say it. */
      readonly header?: string | undefined;
      readonly maximum?: DecimalString | undefined;
    }
  /** Payload after transfer decoding, before content decoding; the transfer is cut at the maximum. */
  | { readonly from: 'request_bytes' | 'response_bytes'; readonly maximum?: DecimalString | undefined }
  /** Messages of a WebSocket connection in both directions; other calls have none. */
  | { readonly from: 'messages'; readonly maximum?: DecimalString | undefined }
  /** Seconds until the end of the answer or of the connection; reserved and recorded minute by minute. */
  | { readonly from: 'seconds' };

export type MeterValueSource = MeterValue['from'];

/** The header that carries a call's cost unless the publisher names another. */
export const DEFAULT_COST_HEADER = 'x-usage-cost';

/** The maximum of a binding that declares none, in units of the meter for a weight of 1. */
export const defaultMaximums: Readonly<Record<MeterValueSource, DecimalString>> = {
  response_header: '1000',
  response_json: '100000',
  request_bytes: '10485760',
  response_bytes: '104857600',
  messages: '1000',
  seconds: '60',
};

/** The most that a binding may reserve for one call: a gateway counts millionths of it exactly. */
export const GREATEST_MAXIMUM = 1_000_000_000;
