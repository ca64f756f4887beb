import { type GrpcOperation, compileGrpc } from '#translation';
import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { libraryPackage, libraryPolicy, libraryRoutes } from '../../../../../test/support/grpc-library.js';
import { GrpcStreamReader } from './grpc-stream-reader.js';

const operation: GrpcOperation = compileGrpc(libraryPolicy({ emitsDefaults: true }), libraryRoutes).operations.get(
  'listBooks',
)!;
const method = (
  libraryPackage['library.v1.Library'] as unknown as Record<string, { responseSerialize(value: object): Buffer }>
)['ListBooks']!;
const frame = (value: object): Buffer => {
  const message = method.responseSerialize(value);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

/** An upstream's controller and a client that takes a part and then waits. */
function scene() {
  const log: string[] = [];
  const upstream = {
    pause: () => log.push('pause'),
    resume: () => log.push('resume'),
    abort: (error: Error) => log.push(`abort: ${error.message}`),
  } as unknown as Dispatcher.DispatchController;
  let takes = Infinity;
  const taken: string[] = [];
  const taker: Dispatcher.DispatchHandler = {
    onRequestStart: () => undefined,
    onResponseStart: (_controller, status) => log.push(`head ${status}`),
    onResponseData: (controller, chunk) => {
      taken.push(chunk.toString());
      if (--takes <= 0) controller.pause();
    },
    onResponseEnd: () => log.push('end'),
    onResponseError: (_controller, error) => log.push(`error: ${error.message}`),
  };
  const context = { requestId: 'r', method: 'GET', accept: null, timeoutMs: 1_000 };
  const reader = new GrpcStreamReader(taker, operation, context, new Set());
  reader.onRequestStart(upstream, null);
  reader.onResponseStart(upstream, 200, { 'content-type': 'application/grpc' });
  return { reader, upstream, log, taken, take: (count: number) => void (takes = count) };
}

describe('a client that does not read', () => {
  it('has no more translated than it has asked for, however small the messages are', () => {
    const { reader, upstream, log, taken, take } = scene();
    take(1);
    const empty = Buffer.alloc(5 * 3_000);
    reader.onResponseData(upstream, empty);
    expect(taken).toHaveLength(1);
    expect(taken[0]!.length).toBeLessThan(17_000);
    expect(log).toEqual(['head 200', 'pause']);
    reader.onResponseEnd(upstream, { 'grpc-status': '0' });
    expect(log).toEqual(['head 200', 'pause']);
    take(Infinity);
    reader.resume();
    expect(log).toEqual(['head 200', 'pause', 'end']);
    expect(taken.join('').split('\n')).toHaveLength(3_001);
  });

  it('has the upstream wait until all that has come has left', () => {
    const { reader, upstream, log, taken, take } = scene();
    take(1);
    reader.onResponseData(upstream, Buffer.alloc(5 * 500));
    take(1);
    reader.resume();
    expect([taken.length, log]).toEqual([2, ['head 200', 'pause', 'pause']]);
    take(Infinity);
    reader.resume();
    expect(log.at(-1)).toBe('resume');
    expect(taken.join('').split('\n')).toHaveLength(501);
  });

  it('is told of a failure that came meanwhile after all messages, and of a broken upstream at once', () => {
    const late = scene();
    late.take(1);
    late.reader.onResponseData(late.upstream, Buffer.concat([frame({ title: 'a' }), Buffer.alloc(5 * 500)]));
    late.reader.onResponseEnd(late.upstream, { 'grpc-status': '8' });
    late.take(Infinity);
    late.reader.resume();
    expect(late.log).toContain('error: the stream ended with RESOURCE_EXHAUSTED');
    expect(late.taken.join('').split('\n')).toHaveLength(502);
    const broken = scene();
    broken.take(1);
    broken.reader.onResponseData(broken.upstream, Buffer.alloc(5 * 500));
    broken.reader.onResponseError(broken.upstream, new Error('reset'));
    broken.reader.resume();
    expect([broken.taken.length, broken.log.at(-1)]).toEqual([1, 'error: reset']);
  });
});

describe('a client that goes', () => {
  it('ends the call, and nothing comes after', () => {
    const { reader, upstream, log, taken } = scene();
    reader.onResponseData(upstream, frame({ title: 'a' }));
    reader.abort(new Error('gone'));
    reader.onResponseData(upstream, frame({ title: 'b' }));
    reader.onResponseEnd(upstream, { 'grpc-status': '0' });
    expect([taken.length, log]).toEqual([1, ['head 200', 'abort: gone', 'error: gone']]);
  });
});
