import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Flight, Flights, type Landing } from './flights.js';

const bounds = { maxWaitMs: 10_000, maxWaiting: 2 };

function aPassenger() {
  const landings: Landing[] = [];
  return { landings, onLanding: (landing: Landing) => void landings.push(landing) };
}

const lead = (flights: Flights, key = 'a'): Flight => {
  const flight = flights.board(key, aPassenger());
  if (!(flight instanceof Flight)) throw new Error(flight);
  return flight;
};

describe('requests for the same answer', () => {
  it('wait for the first of them, and a later one fetches again', async () => {
    const flights = new Flights(bounds);
    const flight = lead(flights);
    const [second, other] = [aPassenger(), aPassenger()];
    expect(flights.board('a', second)).toBe('waits');
    expect(flights.board('b', other)).toBeInstanceOf(Flight);
    flight.end('landed');
    flight.end('alone');
    await turn();
    expect(second.landings).toEqual(['landed']);
    expect(flights.board('a', aPassenger())).toBeInstanceOf(Flight);
  });

  it('go on by themselves when it is for one only, and do not wait for it the next time', async () => {
    const flights = new Flights(bounds);
    const flight = lead(flights);
    const second = aPassenger();
    flights.board('a', second);
    flight.end('alone');
    await turn();
    expect(second.landings).toEqual(['alone']);
    expect(flights.board('a', aPassenger())).toBe('alone');
  });

  it('let the next one fetch when the first one gets none', async () => {
    const flights = new Flights(bounds);
    const flight = lead(flights);
    const [second, third] = [aPassenger(), aPassenger()];
    flights.board('a', second);
    flights.board('a', third);
    flight.fail();
    await turn();
    expect([second.landings, third.landings]).toEqual([[flight], []]);
    flight.end('landed');
    await turn();
    expect(third.landings).toEqual(['landed']);
  });

  it('end with the last of them when nobody gets one', () => {
    const flights = new Flights(bounds);
    lead(flights).fail();
    expect(flights.board('a', aPassenger())).toBeInstanceOf(Flight);
  });

  it('wait no longer than the bound, and no more of them than that', async () => {
    const flights = new Flights({ maxWaitMs: 5, maxWaiting: 1 });
    lead(flights);
    const second = aPassenger();
    expect(flights.board('a', second)).toBe('waits');
    expect(flights.board('a', aPassenger())).toBe('alone');
    await pause(30);
    expect(second.landings).toEqual(['alone']);
    expect(flights.board('a', aPassenger())).toBeInstanceOf(Flight);
  });
});
