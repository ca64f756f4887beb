import { expect, it } from 'vitest';
import { shareInFlight } from './share-in-flight.js';

const post = (body: string, method = 'POST') =>
  new Request('http://portal.invalid/api/v1/things', { method, ...(method === 'GET' ? {} : { body }) });

function counted(answer: () => Promise<Response>) {
  let sent = 0;
  const send = shareInFlight(() => {
    sent += 1;
    return answer();
  });
  return { send, sent: () => sent };
}

it('sends a POST once however often it is asked for meanwhile, and gives everybody the answer', async () => {
  const { send, sent } = counted(async () => new Response('made'));
  const answers = await Promise.all([send(post('a')), send(post('a')), send(post('a'))]);
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['made', 'made', 'made']);
  expect(sent()).toBe(1);
  await send(post('a'));
  expect(sent()).toBe(2);
});

it('sends others, and what only reads or names what it changes, each time', async () => {
  const { send, sent } = counted(async () => new Response('made'));
  await Promise.all([send(post('a')), send(post('b')), send(post('', 'GET')), send(post('', 'GET'))]);
  await Promise.all([send(post('a', 'PATCH')), send(post('a', 'PATCH'))]);
  expect(sent()).toBe(6);
});

it('fails for everybody, and begins anew afterwards', async () => {
  let isDown = true;
  const { send, sent } = counted(async () => {
    if (isDown) throw new Error('offline');
    return new Response('made');
  });
  const failed = await Promise.allSettled([send(post('a')), send(post('a'))]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isDown = false;
  expect(await (await send(post('a'))).text()).toBe('made');
  expect(sent()).toBe(2);
});
