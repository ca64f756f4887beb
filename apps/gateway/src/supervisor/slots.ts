/** The lowest number from 1 that is not taken. */
export function lowestFreeSlot(taken: Iterable<number>): number {
  const set = new Set(taken);
  let slot = 1;
  while (set.has(slot)) slot++;
  return slot;
}

/** The name of the gateway in a slot: unique, and the same after every restart, so that it finds its own journal. */
export function gatewayIdOfSlot(gatewayId: string, slot: number): string {
  return `${gatewayId}-${slot}`;
}

/** The slot that a gateway's name stands for; null for another's. */
export function slotOfGatewayId(gatewayId: string, name: string): number | null {
  if (!name.startsWith(`${gatewayId}-`)) return null;
  const slot = name.slice(gatewayId.length + 1);
  return /^[1-9]\d{0,3}$/.test(slot) ? Number(slot) : null;
}
