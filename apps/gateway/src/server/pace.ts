import type { Exchange } from '../exchange.js';

/**
 * For so many windows in a row a caller may take nothing of its answer, as far as can be seen: what is on its way to it
 * is large, and the kernel takes more only when about a megabyte of it has gone. Five minutes let 5 KiB a second pass.
 */
const maxStalledWindows = 30;

/** What has come from a caller and gone to it. */
export interface CallerTraffic {
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** How fast a caller sends and reads, watched from window to window. */
export class Pace {
  private watched: Exchange | null = null;
  private bytesRead = 0;
  private bytesWritten = 0;
  private wasSending = false;
  private stalledWindows = 0;

  /** True when the caller has been too slow since the last look, while nobody but itself was in the way. */
  isTooSlow(exchange: Exchange, { bytesRead, bytesWritten }: CallerTraffic, minBytes: number): boolean {
    const { request, response, head } = exchange;
    const isSame = this.watched === exchange;
    // A body that is not read, as the upstream is slow or a quota is waited for, is not its sender's fault.
    const isSending = head.hasBody && !request.complete && request.readableFlowing === true;
    const isSlow = isSame && isSending && this.wasSending && bytesRead - this.bytesRead < minBytes;
    const isStalled = isSame && response.writableNeedDrain && bytesWritten === this.bytesWritten;
    this.stalledWindows = isStalled ? this.stalledWindows + 1 : 0;
    this.watched = exchange;
    this.bytesRead = bytesRead;
    this.bytesWritten = bytesWritten;
    this.wasSending = isSending;
    return isSlow || this.stalledWindows >= maxStalledWindows;
  }
}
