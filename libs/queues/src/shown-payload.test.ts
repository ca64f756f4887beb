import { expect, it } from 'vitest';
import { shownPayload } from './shown-payload.js';

it('shows nothing of a mail but who gets it, as its text opens accounts', () => {
  const mail = {
    mailId: 'm1',
    to: 'ada@example.com',
    subject: 'Your code is 1234',
    text: 'https://…?token=x',
    html: '<a>',
  };
  expect(shownPayload('mail', mail)).toEqual({ mailId: 'm1', to: 'ada@example.com' });
});

it('shows of a segment which it is, and none of its events', () => {
  const segment = { gatewayId: 'g1', epoch: 1, segment: 7, attempt: 2, events: 'KLUv' };
  expect(shownPayload('usage-segments', segment)).toEqual({ gatewayId: 'g1', epoch: '1', segment: '7', attempt: '2' });
});

it('shows of what is no payload what can be shown', () => {
  expect(shownPayload('payments', null)).toEqual({});
  expect(shownPayload('payments', 'text')).toEqual({});
  const strange = { invoiceId: 'x'.repeat(300), inner: { secret: 1 }, list: ['secret'] };
  expect(shownPayload('payments', strange)).toEqual({ invoiceId: `${'x'.repeat(200)}…` });
});
