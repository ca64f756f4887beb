import tls, { type TLSSocket } from 'node:tls';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export const frameTypes = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  continuation: 9,
} as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** An HTTP/2 connection on which frames are written as they are given, right or wrong. */
export class RawHttp2Connection {
  readonly frames: Frame[] = [];
  isClosed = false;
  private pending = Buffer.alloc(0);
  private readonly watchers = new Set<() => void>();

  private constructor(readonly socket: TLSSocket) {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      this.tell();
    });
    socket.write(PREFACE);
    this.send(frameTypes.settings, 0, 0);
  }

  static open(port: number): Promise<RawHttp2Connection> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['h2'] };
      const socket = tls.connect(options, () => resolve(new RawHttp2Connection(socket)));
      socket.once('error', reject);
    });
  }

  send(type: number, flags: number, streamId: number, payload: Buffer = Buffer.alloc(0)): void {
    this.socket.write(frame(type, flags, streamId, payload));
  }

  /** A HEADERS frame with these fields as they are: names and values are not checked. */
  sendHeaders(streamId: number, flags: number, fields: readonly (readonly [string, string])[]): void {
    this.send(frameTypes.headers, flags | END_HEADERS, streamId, headerBlock(fields));
  }

  /** The first frame of a type on a stream. */
  frameOf(type: number, streamId: number): Promise<Frame> {
    const find = () => this.frames.find((one) => one.type === type && one.streamId === streamId);
    return this.when(() => find() !== undefined, `frame ${type} on stream ${streamId}`).then(() => find()!);
  }

  untilClosed(): Promise<void> {
    return this.when(() => this.isClosed, 'the end');
  }

  private when(isDone: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const seen = () => JSON.stringify(this.frames.map(({ type, streamId }) => [type, streamId]).slice(-20));
      const finish = (error: Error | null): void => {
        clearTimeout(timer);
        this.watchers.delete(check);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => finish(new Error(`${what} did not come; got ${seen()}`)), 5_000);
      const check = (): void => {
        if (isDone()) finish(null);
        else if (this.isClosed) finish(new Error(`closed before ${what}; got ${seen()}`));
      };
      this.watchers.add(check);
      check();
    });
  }

  private take(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    while (this.pending.length >= 9) {
      const length = this.pending.readUIntBE(0, 3);
      if (this.pending.length < 9 + length) break;
      const [type, flags, streamId] = [this.pending[3]!, this.pending[4]!, this.pending.readUInt32BE(5)];
      this.frames.push({ type, flags, streamId, payload: this.pending.subarray(9, 9 + length) });
      this.pending = this.pending.subarray(9 + length);
    }
    this.tell();
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}

export function frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** Fields as literals without indexing (RFC 7541 §6.2.2). */
export function headerBlock(fields: readonly (readonly [string, string])[]): Buffer {
  const parts = fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]);
  return Buffer.concat(parts);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([length(bytes.length), bytes]);
}

/** A number with a prefix of seven bits (RFC 7541 §5.1). */
function length(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
