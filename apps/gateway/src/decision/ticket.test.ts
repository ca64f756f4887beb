import { describe, expect, it } from 'vitest';
import { Tickets } from './ticket.js';

const key = (fill: number) => ({ id: String(fill), secret: Buffer.alloc(32, fill) });
const ticket = { requestId: '01a20320-a200-7000-a5de-5460c7d66a26', gatewayId: 'gateway-1' };

describe('a ticket', () => {
  it('is read by every gateway that has the key, also as an older one', () => {
    const text = new Tickets([key(1)]).write(ticket);
    expect(new Tickets([key(1)]).read(text)).toEqual(ticket);
    expect(new Tickets([key(2), key(1)]).read(text)).toEqual(ticket);
    expect(new Tickets([key(2)]).read(text)).toBeNull();
  });

  it('holds for its call and its gateway only', () => {
    const tickets = new Tickets([key(1)]);
    const [, , mac] = tickets.write(ticket).split('.');
    for (const text of [
      '',
      ticket.requestId,
      `${ticket.requestId}.gateway-1`,
      `${ticket.requestId}.gateway-1.`,
      `${ticket.requestId}.gateway-2.${mac}`,
      `01a20320-a200-7000-a5de-5460c7d66a27.gateway-1.${mac}`,
      `${ticket.requestId}.gateway-1.${mac}.`,
      `${ticket.requestId}.gateway-1.${mac!.slice(0, -2)}`,
    ])
      expect(tickets.read(text), text).toBeNull();
  });
});
