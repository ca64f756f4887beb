import type { Dispatcher } from 'undici';
import type { Exchange } from '../exchange.js';
import type { UpstreamDispatch, UpstreamDispatcher } from './upstream-dispatcher.js';

/** Sends a request to one place of its upstream, in that one's own protocol where it has one. */
export function dispatchTo(
  pool: UpstreamDispatcher,
  exchange: Exchange,
  request: UpstreamDispatch,
  handler: Dispatcher.DispatchHandler,
): void {
  const { translated } = exchange;
  if (translated === null) pool.dispatch(request, handler);
  else translated.dispatch(pool, request, exchange, handler);
}
