import { createLogger } from '#observability';
import { expect, it } from 'vitest';
import { answerMessages } from './mcp-endpoint.js';
import { createMcpServer } from './mcp-server.js';
import type { Tool } from './tools/tool.js';

const logger = createLogger({ name: 'test', level: 'silent' });
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work', arguments: {} } };
const CANCEL = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };

function answerWith(call: Tool['call'], body: unknown, signal: AbortSignal): Promise<Response> {
  const tool: Tool = { description: { name: 'work', inputSchema: { type: 'object' } }, call };
  const caller = { key: null, address: '192.0.2.1', rateKey: 'a' };
  const parts = {
    portalName: 'Sky',
    tools: [tool],
    instructions: '',
    context: { caller, signal },
    requestId: 'r-1',
    logger,
  };
  const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  return answerMessages(createMcpServer(parts), { headers, body, signal }, logger);
}

it('ends with the connection, although a call that was cancelled never gets an answer', async () => {
  const gone = new AbortController();
  const done = async () => ({ content: [] });
  const answering = answerWith(done, [CALL, CANCEL], gone.signal);
  let isOver = false;
  void answering.then(() => (isOver = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isOver).toBe(false);
  gone.abort();
  expect((await answering).status).toBe(504);
  expect((await answerWith(done, CALL, AbortSignal.abort())).status).toBe(504);
});

it('says nothing of a fault on our side but the request id', async () => {
  const fail = async () => Promise.reject(new Error('password=hunter2'));
  const answer = await answerWith(fail, CALL, new AbortController().signal);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({ error: { code: -32603, message: expect.stringContaining('r-1') } });
  expect(text).not.toContain('hunter2');
});
