import http2, { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import type { Socket } from 'node:net';

const idleTimeoutMs = 60_000;
/** How long an upstream that has let a request time out may take to show that it is alive. */
const probeTimeoutMs = 1_000;
/** Until the upstream says how many it takes at once, and as many as it ever gets. */
const maxStreams = 100;
/** One answer that nobody reads may not hold up the others: a connection takes in more than all of its streams. */
const streamWindowBytes = 128 * 1024;
const connectionWindowBytes = 2 * maxStreams * streamWindowBytes;

/** What a caller says twice passes as it is: a failure would count against the upstream. The types know it of servers only. */
const lenient = { strictSingleValueFields: false };

/** One connection to an upstream by HTTP/2. */
export class Http2Connection {
  private readonly session: ClientHttp2Session;
  private openStreams = 0;
  private isLeaving = false;
  private hasSettings = false;

  constructor(
    origin: string,
    socket: Socket,
    private readonly onLeaving: () => void,
  ) {
    this.session = http2.connect(origin, {
      createConnection: () => socket,
      maxHeaderListPairs: 256,
      ...lenient,
      settings: { enablePush: false, initialWindowSize: streamWindowBytes, maxHeaderListSize: 32 * 1024 },
    });
    const { session } = this;
    session.on('connect', () => session.setLocalWindowSize(connectionWindowBytes));
    session.once('remoteSettings', () => (this.hasSettings = true));
    session.on('goaway', () => this.leave());
    // Its streams tell their own requests.
    session.on('error', () => this.leave());
    session.on('close', () => this.leave());
    session.setTimeout(idleTimeoutMs, () => {
      if (this.openStreams === 0) this.leave();
    });
  }

  get hasRoom(): boolean {
    const { session } = this;
    if (this.isLeaving || session.closed || session.destroyed) return false;
    return this.openStreams < Math.min(maxStreams, session.remoteSettings?.maxConcurrentStreams ?? maxStreams);
  }

  /**
   * Tells, once, whether the upstream takes extended CONNECT (RFC 8441), which it says in its settings; `silent` when these
   * have not come in time.
   */
  whenSettled(timeoutMs: number, onSettled: (verdict: 'connect' | 'no_connect' | 'silent') => void): void {
    const { session } = this;
    const tell = (): void =>
      onSettled(session.remoteSettings?.enableConnectProtocol === true ? 'connect' : 'no_connect');
    if (this.hasSettings) return tell();
    const finish = (): void => {
      clearTimeout(timer);
      session.off('remoteSettings', finish);
      session.off('close', finish);
      if (this.hasSettings) tell();
      else onSettled('silent');
    };
    const timer = setTimeout(finish, timeoutMs);
    session.once('remoteSettings', finish);
    session.once('close', finish);
  }

  /** `fields` are name, value, name, value; those that begin with a colon come first. */
  request(fields: readonly string[], isComplete: boolean): ClientHttp2Stream {
    const stream = this.session.request(fields, { endStream: isComplete });
    this.openStreams++;
    stream.once('close', () => {
      this.openStreams--;
      if (this.isLeaving && this.openStreams === 0) this.session.close();
    });
    return stream;
  }

  /** A request has timed out: when the upstream does not even answer a ping, all of the connection is given up. */
  probe(): void {
    const { session } = this;
    if (session.destroyed) return;
    const timer = setTimeout(() => session.destroy(undefined, constants.NGHTTP2_CANCEL), probeTimeoutMs);
    session.once('close', () => clearTimeout(timer));
    if (!session.ping(() => clearTimeout(timer))) clearTimeout(timer);
  }

  destroy(): void {
    this.session.destroy();
  }

  /** Takes no more requests; ends when those under way have. */
  leave(): void {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.onLeaving();
    if (this.openStreams === 0 && !this.session.destroyed) this.session.close();
  }
}
