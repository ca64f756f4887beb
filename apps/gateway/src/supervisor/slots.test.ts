import { describe, expect, it } from 'vitest';
import { gatewayIdOfSlot, lowestFreeSlot, slotOfGatewayId } from './slots.js';

describe('slots', () => {
  it('are taken from the lowest number that is free', () => {
    expect(lowestFreeSlot([])).toBe(1);
    expect(lowestFreeSlot([1, 2, 4])).toBe(3);
  });

  it('have a name each, that can be read back', () => {
    expect(slotOfGatewayId('gateway-1', gatewayIdOfSlot('gateway-1', 12))).toBe(12);
    for (const name of ['gateway-1', 'gateway-2-1', 'gateway-1-0', 'gateway-1-1-1', 'gateway-1-x'])
      expect(slotOfGatewayId('gateway-1', name)).toBeNull();
  });
});
