import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamDispatcher } from '../upstream-dispatcher.js';
import { Http2Dispatcher } from './http2-dispatcher.js';

let server: http2.Http2Server;
let dispatcher: Http2Dispatcher;
beforeEach(async () => {
  server = http2.createServer((request, response) => {
    request.resume();
    response.end('ok', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const none: UpstreamDispatcher = {
    dispatch: () => undefined,
    close: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
  const connector = (_options: unknown, callback: (error: null, socket: net.Socket) => void): void => {
    const socket = net.connect(port, '127.0.0.1', () => callback(null, socket));
  };
  dispatcher = new Http2Dispatcher(`http://127.0.0.1:${port}`, connector as never, none);
});
afterEach(async () => {
  await dispatcher.destroy();
  server.close();
});

/** The body of the answer, or the error that the handler is told. */
function ask(handler: Partial<Dispatcher.DispatchHandler> = {}, body: Buffer | null = null): Promise<string | Error> {
  let text = '';
  return new Promise((resolve) => {
    dispatcher.dispatch(
      { path: '/', method: 'POST', headers: [], body, headersTimeout: 5_000, bodyTimeout: 5_000 },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: (_controller, chunk) => void (text += chunk.toString()),
        onResponseEnd: () => resolve(text),
        onResponseError: (_controller, error) => resolve(error),
        ...handler,
      },
    );
  });
}

describe('a handler that fails', () => {
  const fault = new Error('a fault of the handler');
  const fail = (): never => {
    throw fault;
  };

  it.each(['onRequestStart', 'onBodySent', 'onResponseStart', 'onResponseData', 'onResponseEnd'] as const)(
    'in %s ends its own request only',
    async (where) => {
      const failing = ask({ [where]: fail }, Buffer.from('body'));
      const sound = Array.from({ length: 3 }, () => ask());
      expect(await failing).toBe(fault);
      expect(await Promise.all(sound)).toEqual(['ok', 'ok', 'ok']);
    },
  );
});

it('ends its connections when their last answers have', async () => {
  const held = Promise.withResolvers<http2.Http2ServerResponse>();
  const ended = Promise.withResolvers<void>();
  server.once('session', (session) => session.once('close', ended.resolve));
  server.removeAllListeners('request');
  server.on('request', (_request, response) => held.resolve(response));
  const late = ask();
  const response = await held.promise;
  await dispatcher.close();
  response.end('late');
  expect(await late).toBe('late');
  await ended.promise;
});
