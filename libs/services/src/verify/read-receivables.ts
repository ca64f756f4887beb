import { type Receivables, listReceivables } from '#persistence';
import type { ServiceContext } from '../context.js';

const MAX_ROWS = 100;

/**
 * What organizations owe, by currency, and how that comes of what was issued: those where it does not add up first, then those who
 * owe the most; at most 100. Who owes nothing and was given up nothing is left out.
 */
export function readReceivables(context: ServiceContext): Promise<Receivables[]> {
  return context.unitOfWork.inSystemSnapshot((transaction) => listReceivables(transaction, MAX_ROWS));
}
