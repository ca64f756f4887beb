import type { Transaction } from './unit-of-work.js';

const BATCH_ROWS = 5_000;

/**
 * The rows of a query, a batch at a time, through a cursor of the transaction: memory does not grow with their number. All
 * are of the instant of the first. One at a time for each `cursor` name.
 */
export async function* readInBatches<Row>(
  transaction: Transaction,
  cursor: string,
  sql: string,
): AsyncGenerator<Row[], void> {
  await transaction.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`);
  for (;;) {
    const rows = await transaction.query<Row>(`FETCH ${BATCH_ROWS} FROM ${cursor}`);
    if (rows.length === 0) break;
    yield rows;
  }
  await transaction.query(`CLOSE ${cursor}`);
}
