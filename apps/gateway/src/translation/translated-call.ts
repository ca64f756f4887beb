import type { Dispatcher } from 'undici';
import type { TranslatedRequest } from '#translation';
import type { Exchange } from '../exchange.js';
import type { UpstreamDispatch, UpstreamDispatcher } from '../proxy/upstream-dispatcher.js';
import type { Translation } from './translation.js';

/** A call whose upstream is asked in another protocol: what each of its attempts sends. */
export class TranslatedCall {
  constructor(
    readonly translation: Translation,
    readonly request: TranslatedRequest,
  ) {}

  /** `plain` is the request with the path and fields that are meant for this upstream already. */
  dispatch(
    pool: UpstreamDispatcher,
    plain: UpstreamDispatch,
    { requestId, request, head }: Exchange,
    taker: Dispatcher.DispatchHandler,
  ): void {
    const { translation } = this;
    const timeoutMs = plain.headersTimeout;
    const reader = translation.reader(taker, {
      requestId,
      method: request.method!,
      accept: head.valueOf('accept'),
      timeoutMs,
    });
    const headers = [...plain.headers, ...translation.deadlineFields(timeoutMs)];
    pool.dispatch({ ...plain, method: 'POST', headers, upgrade: null, body: this.request.body }, reader);
  }
}
