import http from 'node:http';
import { once } from 'node:events';
import { appendChange } from '#persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { eventually } from '../../support/eventually.js';
import { pointUpstreamAt } from '../../support/upstream-place.js';
import { RawConnection } from '../../support/raw-http.js';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGatewayUnderTest(
    { version: { policies: { sizes: { maxBodyBytes: 100 * 1024 * 1024 } } } },
    { streams: { checkpointMs: 55_000, reviewMs: 20 } },
  );
  // A slow upstream is not to be taken for a silent one, however busy the machine is.
  await pointUpstreamAt(under, { responseTimeoutMs: 60_000 });
});
afterAll(() => under.dispose());

const open = (options: http.RequestOptions = {}) =>
  http.request(`${under.url}/things`, { agent: false, headers: { 'x-api-key': under.consumer.key }, ...options });

async function nextChunk(response: http.IncomingMessage): Promise<string> {
  const [chunk] = (await once(response, 'data')) as [Buffer];
  return chunk.toString();
}

async function ended(response: http.IncomingMessage): Promise<void> {
  response.resume();
  if (!response.readableEnded) await once(response, 'end');
}

describe('a stream', () => {
  it('shows its head at once and each event as it comes, without waiting for the next', async () => {
    let upstream: http.ServerResponse | undefined;
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      upstream = response;
    });
    const request = open().end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(response.headers['content-type']).toBe('text/event-stream');
    for (const data of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
      const chunk = nextChunk(response);
      upstream!.write(data);
      expect(await chunk).toBe(data);
    }
    expect(await under.events()).toEqual([]);
    upstream!.end();
    await ended(response);
    expect(await under.events()).toMatchObject([{ outcome: 'delivered', bytesOut: 27, billable: true }]);
  });

  it('goes up and down at the same time', async () => {
    under.upstream.handle((request, response) => {
      response.writeHead(200);
      request.on('data', (chunk: Buffer) => response.write(chunk.toString().toUpperCase()));
      request.on('end', () => response.end('.'));
    });
    const request = open({ method: 'POST' });
    request.write('a');
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(await nextChunk(response)).toBe('A');
    const second = nextChunk(response);
    request.write('b');
    expect(await second).toBe('B');
    request.end();
    expect(await nextChunk(response)).toBe('.');
    await ended(response);
  });

  it('is slowed down by a slow client instead of filling the memory', async () => {
    const size = 256 * 1024 * 1024;
    let sent = 0;
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-length': size });
      const block = Buffer.alloc(64 * 1024, 97);
      const fill = (): void => {
        while (sent < size) {
          sent += block.length;
          if (!response.write(block)) return void response.once('drain', fill);
        }
        response.end();
      };
      fill();
    });
    const before = process.memoryUsage().rss;
    const request = open().end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.pause();
    let last = -1;
    await eventually(
      () => {
        const isStill = sent === last;
        last = sent;
        return isStill;
      },
      (isStill) => isStill,
    );
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1024 * 1024);
    let received = 0;
    response.on('data', (chunk: Buffer) => (received += chunk.length));
    await ended(response);
    expect(received).toBe(size);
  });

  it('slows a fast client down when the upstream reads slowly', async () => {
    const reached = Promise.withResolvers<() => void>();
    under.upstream.handle((request, response) => {
      request.pause();
      reached.resolve(() => {
        let length = 0;
        request.on('data', (chunk: Buffer) => (length += chunk.length));
        request.on('end', () => response.end(String(length)));
        request.resume();
      });
    });
    const request = open({ method: 'POST' });
    const block = Buffer.alloc(1024 * 1024);
    let written = 0;
    const fill = (): void => {
      while (written < 64) {
        written++;
        if (!request.write(block)) return void request.once('drain', fill);
      }
      request.end();
    };
    fill();
    const accept = await reached.promise;
    let last = -1;
    await eventually(
      () => {
        const isStill = written === last;
        last = written;
        return isStill;
      },
      (isStill) => isStill,
    );
    expect(written).toBeLessThan(32);
    accept();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(await nextChunk(response)).toBe(String(64 * block.length));
  });

  it('keeps the trailers of the upstream', async () => {
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { trailer: 'x-checksum' });
      response.write('abc');
      response.addTrailers({ 'x-checksum': '42', usage: 'forged' });
      response.end();
    });
    const request = open().end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await ended(response);
    expect(response.trailers).toEqual({ 'x-checksum': '42' });
  });

  it('passes without its trailers where there is no place for them', async () => {
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { trailer: 'x-checksum' });
      response.write('abc');
      response.addTrailers({ 'x-checksum': '42' });
      response.end();
    });
    const connection = await RawConnection.open(under.origin);
    const path = `${under.catalog.version.basePath}/things`;
    connection.send(`GET ${path} HTTP/1.0`, `x-api-key: ${under.consumer.key}`, '', '');
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nabc$/);
    expect(answer).not.toMatch(/checksum|chunked/i);
  });

  it('asks for the body only after admission when the client waits for "100 Continue"', async () => {
    under.upstream.answer(200);
    under.upstream.requests.length = 0;
    const path = `${under.catalog.version.basePath}/things`;
    const head = (key: string) => [
      `POST ${path} HTTP/1.1`,
      'host: a',
      `x-api-key: ${key}`,
      'expect: 100-continue',
      'content-length: 5',
      '',
      '',
    ];
    const refused = await RawConnection.open(under.origin);
    refused.send(...head('nonsense'));
    expect(await refused.until('invalid_api_key')).toMatch(/^HTTP\/1\.1 401 /);
    refused.socket.destroy();
    const admitted = await RawConnection.open(under.origin);
    admitted.send(...head(under.consumer.key));
    expect(await admitted.until('100 Continue')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    admitted.send('hello');
    await admitted.until('"ok":true');
    admitted.socket.destroy();
    expect(under.upstream.requests).toMatchObject([{ body: 'hello' }]);
    expect(under.upstream.requests[0]!.headers).not.toHaveProperty('expect');
  });
});

describe('a stream that takes longer than a minute', () => {
  const rowsOf = async (requestId: unknown) => (await under.events()).filter(({ id }) => id === requestId);
  const untilRows = (requestId: unknown, count: number) =>
    eventually(
      () => rowsOf(requestId),
      (rows) => rows.length >= count,
    );

  /** An answer of which only the head has come. */
  async function openStream() {
    const reached = Promise.withResolvers<http.ServerResponse>();
    under.upstream.handle((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      reached.resolve(response);
    });
    const request = open().end();
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.on('error', () => undefined);
    return { response, upstream: await reached.promise, requestId: response.headers['tollgate-request-id'] };
  }

  it('is recorded every minute, and counts as one request', async () => {
    const { clock } = under.database;
    const { response, upstream, requestId } = await openStream();
    for (const [index, data] of [': ping\n\n', 'data: 1\n\n'].entries()) {
      const chunk = nextChunk(response);
      upstream.write(data);
      expect(await chunk).toBe(data);
      clock.moveTo(clock.nowMs() + 60_000);
      await untilRows(requestId, index + 1);
    }
    upstream.end();
    await ended(response);
    const rows = await untilRows(requestId, 3);
    expect(rows.map(({ seq, outcome, bytesOut, quantities }) => [seq, outcome, bytesOut, quantities])).toEqual([
      [0, 'checkpoint', 8, { requests: '1' }],
      [1, 'checkpoint', 9, {}],
      [2, 'delivered', 0, {}],
    ]);
  });

  it('is recorded to its end when the upstream breaks, which the client sees', async () => {
    const { clock } = under.database;
    const { response, upstream, requestId } = await openStream();
    clock.moveTo(clock.nowMs() + 60_000);
    await untilRows(requestId, 1);
    const broken = new Promise((resolve) => response.once('close', resolve));
    response.resume();
    upstream.destroy();
    await broken;
    expect(response.complete).toBe(false);
    expect((await untilRows(requestId, 2)).at(-1)).toMatchObject({ seq: 1, outcome: 'upstream_broke', quantities: {} });
  });

  it('holds up neither the watermark nor the requests beside it', async () => {
    const { clock } = under.database;
    const { upstream, response, requestId } = await openStream();
    const beganAt = clock.nowMs();
    clock.moveTo(beganAt + 60_000);
    await untilRows(requestId, 1);
    clock.moveTo(beganAt + 90_000);
    const readWatermark = async () => {
      const [row] = await under.database.dataSource.query<{ at: Date }[]>('SELECT admitted_through AS at FROM gateway');
      return row!.at.getTime();
    };
    expect(await eventually(readWatermark, (at) => at >= beganAt + 60_000)).toBe(beganAt + 60_000);
    upstream.end();
    await ended(response);
    await eventually(readWatermark, (at) => at >= beganAt + 90_000);
  });

  it('is broken off when its key is revoked', async () => {
    const { clock, unitOfWork } = under.database;
    const { response, requestId } = await openStream();
    const { credential } = under.consumer;
    await unitOfWork.inSystem(async (transaction) => {
      await transaction.query('UPDATE credential SET revoked_at = $2 WHERE id = $1', [credential.id, clock.now()]);
      await appendChange(transaction, 'credential', credential.id, clock.now());
    });
    await under.sync();
    const broken = new Promise((resolve) => response.once('close', resolve));
    response.resume();
    clock.moveTo(clock.nowMs() + 60_000);
    await broken;
    expect((await untilRows(requestId, 2)).at(-1)).toMatchObject({ outcome: 'interrupted', reason: 'key_revoked' });
  });
});
