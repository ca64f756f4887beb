import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { GivenUpError } from './upstream-fault.js';

const maxDrainedBytes = 64 * 1024;

/**
 * Gives up an answer by its head. A body that is short is read to its end, as its connection is worth more; any other one
 * is broken off, as it may never end. `because` says why nobody wants it.
 */
export function leaveUnread(
  controller: Dispatcher.DispatchController,
  headers: IncomingHttpHeaders,
  because: string,
): void {
  if (!(Number(headers['content-length']) <= maxDrainedBytes)) controller.abort(new GivenUpError(because));
}
