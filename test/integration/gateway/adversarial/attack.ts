import { eventually } from '../../../support/eventually.js';
import type { GatewayUnderTest } from '../../../support/gateway.js';
import { RawConnection } from '../../../support/raw-http.js';
import type { UpstreamRequest } from '../../../support/upstream.js';

/** What came of bytes that were sent to the gateway. */
export interface AttackResult {
  /** The status of each answer, in order. */
  readonly statuses: readonly number[];
  readonly received: string;
  /** What reached the upstream. */
  readonly requests: readonly UpstreamRequest[];
}

/**
 * Sends bytes on a connection of their own, waits until the gateway closes it, and then makes sure that the gateway is
 * alive and in step: an ordinary call gets its own answer, and the upstream has seen it as its last. With `leaves` the
 * attacker ends its side after the bytes, which do not make a whole request.
 */
export async function attack(
  under: GatewayUnderTest,
  bytes: string | readonly string[],
  { leaves = false }: { readonly leaves?: boolean } = {},
): Promise<AttackResult> {
  const { upstream } = under;
  upstream.requests.length = 0;
  const connection = await RawConnection.open(under.origin);
  connection.send(...(typeof bytes === 'string' ? [bytes] : bytes));
  if (leaves) connection.socket.end();
  const received = await connection.untilClosed();
  const requests = [...upstream.requests];
  const answer = await under.call('/things/after', { headers: { 'x-canary': 'alive' } });
  if (answer.status !== 200) throw new Error(`after the attack, a call is answered with ${answer.status}`);
  const last = await eventually(
    async () => upstream.requests.at(-1),
    (request) => request?.headers['x-canary'] === 'alive',
  );
  if (last!.url !== '/things/after' || upstream.requests.length !== requests.length + 1)
    throw new Error('the upstream is out of step');
  return { statuses: statusesOf(received), received, requests };
}

export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
