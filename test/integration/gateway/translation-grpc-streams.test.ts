import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import {
  type LibraryChanges,
  type LibraryServer,
  Metadata,
  serveLibrary,
  startLibrary,
  status,
} from '../../support/grpc-library.js';

let under: GatewayUnderTest;
let library: LibraryServer;
beforeAll(async () => {
  library = await startLibrary();
  under = await startGatewayUnderTest();
});
afterAll(async () => {
  await under.dispose();
  library.close();
});

const serve = (...changes: LibraryChanges) => serveLibrary(under, library, ...changes);

describe('a stream of the server', () => {
  beforeEach(() => serve({ metadata: { request: [], response: ['x-served', 'x-count'] } }));

  /** Reads what comes of an answer, part by part. */
  async function open(path: string, headers: Readonly<Record<string, string>> = {}) {
    const request = http.get(under.url + path, {
      headers: { 'x-api-key': under.consumer.key, ...headers },
      agent: false,
    });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const parts: string[] = [];
    response.setEncoding('utf8');
    response.on('data', (part: string) => parts.push(part));
    const ended = new Promise<'end' | 'broken'>((resolve) => {
      response.on('end', () => resolve('end'));
      response.on('error', () => resolve('broken'));
    });
    return { request, response, parts, ended };
  }

  it('is lines of JSON, each as soon as its message is there, and one usage event', async () => {
    let next = (): void => undefined;
    library.handlers.ListBooks = (call) => {
      const head = new Metadata();
      head.set('x-served', 'yes');
      call.sendMetadata(head);
      call.write({ title: 'one' });
      next = () => {
        call.write({ title: 'two' });
        const trailers = new Metadata();
        trailers.set('x-count', '2');
        call.end(trailers);
      };
    };
    const { response, parts, ended } = await open('/shelves/s1/books?limit=2');
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      vary: 'accept',
      'x-served': 'yes',
    });
    await eventually(
      () => Promise.resolve(parts),
      (all) => all.length === 1,
    );
    next();
    expect(await ended).toBe('end');
    expect(parts.join('')).toBe('{"title":"one"}\n{"title":"two"}\n');
    expect(response.trailers).toEqual({ 'x-count': '2' });
    const event = await under.eventOf(response.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'delivered', billable: true, bytesOut: parts.join('').length });
  });

  it('is events for who wants events', async () => {
    library.handlers.ListBooks = (call) => {
      call.write({ title: 'line\nend' });
      call.end();
    };
    const answer = await under.call('/shelves/s1/books', { headers: { accept: 'text/event-stream' } });
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.body).toBe('data: {"title":"line\\nend"}\n\n');
    const lines = await under.call('/shelves/s1/books', {
      headers: { accept: 'application/x-ndjson, text/event-stream;q=0.5' },
    });
    expect(lines.body).toBe('{"title":"line\\nend"}\n');
  });

  it('without messages is an empty answer, and its head is HEAD’s', async () => {
    library.handlers.ListBooks = (call) => call.end();
    expect(await under.call('/shelves/s1/books')).toMatchObject({ status: 200, body: '' });
    const cancelled = new Promise((resolve) => {
      library.handlers.ListBooks = (call) => {
        call.on('cancelled', resolve);
        call.write({ title: 'for nobody' });
      };
    });
    const answer = await under.call('/shelves/s1/books', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-ndjson' } });
    await cancelled;
  });

  it('that fails before its first message has the status of its failure', async () => {
    const fail = { code: status.PERMISSION_DENIED, details: 'not yours' };
    library.handlers.ListBooks = (call) => call.emit('error', fail);
    expect((await under.call('/shelves/s1/books')).json()).toMatchObject({ status: 403, detail: 'not yours' });
    library.handlers.ListBooks = (call) => {
      call.sendMetadata(new Metadata());
      call.emit('error', fail);
    };
    expect((await under.call('/shelves/s1/books')).json()).toMatchObject({ status: 403, detail: 'not yours' });
  });

  it('that is silent at first has its head soon all the same', async () => {
    let end = (): void => undefined;
    library.handlers.ListBooks = (call) => {
      call.sendMetadata(new Metadata());
      end = () => call.end();
    };
    const { response, ended } = await open('/shelves/s1/books');
    expect(response.statusCode).toBe(200);
    end();
    expect(await ended).toBe('end');
  });

  it.each([
    ['application/x-ndjson', /^\{"title":"one"\}\n\{"error":\{.*"status":429.*"detail":"enough".*\}\}\n$/],
    [
      'text/event-stream',
      /^data: \{"title":"one"\}\n\nevent: error\ndata: \{.*"status":429.*"detail":"enough".*\}\n\n$/,
    ],
  ])('that fails later says so at its end as %s, and is recorded as broken', async (accept, body) => {
    let fail = (): void => undefined;
    library.handlers.ListBooks = (call) => {
      call.write({ title: 'one' });
      fail = () => void call.emit('error', { code: status.RESOURCE_EXHAUSTED, details: 'enough' });
    };
    const { response, parts, ended } = await open('/shelves/s1/books', { accept });
    fail();
    expect(await ended).toBe('end');
    expect(parts.join('')).toMatch(body);
    const event = await under.eventOf(response.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'upstream_broke', status: 200, reason: 'upstream_broke' });
  });

  it('is cancelled when its client goes', async () => {
    let calls = 0;
    const cancelled = new Promise((resolve) => {
      library.handlers.ListBooks = (call) => {
        calls++;
        call.on('cancelled', resolve);
        call.write({ title: 'one' });
      };
    });
    const { request, response } = await open('/shelves/s1/books');
    request.destroy();
    await cancelled;
    expect(calls).toBe(1);
    const event = await under.eventOf(response.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'client_aborted', status: 200 });
  });
});

describe('a stream that goes on', () => {
  const tokens = {
    selector: '*',
    weight: '1',
    value: { from: 'response_json', pointer: '/pages', maximum: '100' },
  } as const;
  let metered: GatewayUnderTest;
  beforeAll(async () => {
    metered = await startGatewayUnderTest(
      { meters: [{}, { slug: 'pages', title: 'Pages', unit: 'page', bindings: [tokens] }] },
      { streams: { checkpointMs: 55_000, reviewMs: 20 } },
    );
  });
  afterAll(() => metered.dispose());

  it.each(['application/x-ndjson', 'text/event-stream'])(
    'has rows, and is metered by what its %s say',
    async (accept) => {
      await serveLibrary(metered, library);
      let end = (): void => undefined;
      library.handlers.ListBooks = (call) => {
        call.write({ pages: 3 });
        end = () => {
          call.write({ pages: 8 });
          call.end();
        };
      };
      const headers = { 'x-api-key': metered.consumer.key, accept };
      const request = http.get(`${metered.url}/shelves/s/books`, { headers, agent: false });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      await once(response, 'data');
      const requestId = response.headers['tollgate-request-id'];
      const rowsOf = async () => (await metered.events()).filter(({ id }) => id === requestId);
      metered.database.clock.moveTo(metered.database.clock.nowMs() + 56_000);
      await eventually(rowsOf, (rows) => rows.length >= 1);
      end();
      response.resume();
      await once(response, 'end');
      const rows = await eventually(rowsOf, (all) => all.length >= 2);
      expect(rows.map(({ seq, outcome, quantities }) => [seq, outcome, quantities])).toEqual([
        [0, 'checkpoint', { requests: '1', pages: '3' }],
        [1, 'delivered', { pages: '5' }],
      ]);
    },
  );
});
