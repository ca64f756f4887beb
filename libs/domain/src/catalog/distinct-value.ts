/**
 * Where a meter that counts different values takes an event's value from. `report`: a JSON pointer (RFC 6901) into the
 * `attributes` of a reported event; calls through a gateway have none, and reports have no key and no header. An event
 * without a value adds none.
 */
export type DistinctValue =
  | { readonly from: 'credential' | 'application' }
  | { readonly from: 'request_header'; readonly header: string }
  | { readonly from: 'report'; readonly pointer: string };
