import type { ProxyAbilities } from './decision.js';

/** A call as the proxy that has got it describes it. */
export interface DescribedCall {
  readonly method: string;
  /** Path and query as the caller wrote them. */
  readonly target: string;
  /** Name, value, name, value: the caller's, as far as the proxy hands them on, with the host that it asked for. */
  readonly rawHeaders: string[];
  /** Canonical. */
  readonly clientAddress: string;
  /** How the caller spoke to the proxy. */
  readonly scheme: 'http' | 'https';
  readonly abilities: ProxyAbilities;
}
