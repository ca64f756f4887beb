import type { GatewayWatermark } from '#persistence';

/**
 * What keeps the ledger from being complete up to `endsAt`, one sentence for each gateway; empty when it is complete.
 * A gateway that has stopped in good order admits nothing more, so only its segments count. One that fell silent may
 * still have usage on its disk.
 */
export function gatewayLags(watermarks: readonly GatewayWatermark[], endsAt: Date): readonly string[] {
  return watermarks.flatMap((watermark) => lagOf(watermark, endsAt) ?? []);
}

function lagOf(watermark: GatewayWatermark, endsAt: Date): string | null {
  const { gatewayId, state, admittedThrough, sealedSegment, acknowledgedSegments } = watermark;
  if (state === 'running' && admittedThrough < endsAt) {
    return (
      `Gateway ${gatewayId} has accounted for its requests only up to ${admittedThrough.toISOString()}: ` +
      'start it again so that it ships its journal, or release the period without it.'
    );
  }
  if (acknowledgedSegments < sealedSegment) {
    const missing = sealedSegment - acknowledgedSegments;
    return `Gateway ${gatewayId} has ${missing} of ${sealedSegment} journal segments not in the ledger yet: check the worker.`;
  }
  return null;
}
