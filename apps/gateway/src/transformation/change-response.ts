import type { Exchange } from '../exchange.js';
import { changeHeaders } from './transformation.js';
import { variablesOf } from './variables.js';

/** The fields of an answer of the upstream as the publisher wants them; the gateway's own are none that can be changed. */
export function changedFields(exchange: Exchange, fields: string[]): string[] {
  const { transformation } = exchange.operation!;
  if (transformation === null || transformation.response === null) return fields;
  if (transformation.response.headers.length === 0) return fields;
  return changeHeaders(transformation.response, fields, variablesOf(exchange));
}
