import type { Transaction } from '#persistence';

/**
 * Does `work` for each item on one of the transactions, each of which does one at a time, and yields the results in the order of the
 * items. How many are begun before they are asked for is bounded; those are waited for when nobody asks for more.
 */
export async function* inLanes<Item, Result>(
  lanes: readonly Transaction[],
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (lane: Transaction, item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  // One waits for each lane, so that none has to. Items may come of the only lane itself, which then does nothing else.
  const ahead = lanes.length > 1 ? 2 * lanes.length : 1;
  const begun: Promise<Result>[] = [];
  const lastOf: Promise<unknown>[] = lanes.map(() => Promise.resolve());
  let count = 0;
  try {
    for await (const item of items) {
      const number = count++ % lanes.length;
      const result = lastOf[number]!.then(() => work(lanes[number]!, item));
      // An error is met when it is the result's turn.
      result.catch(() => undefined);
      lastOf[number] = result;
      begun.push(result);
      if (begun.length === ahead) yield await begun.shift()!;
    }
    while (begun.length > 0) yield await begun.shift()!;
  } finally {
    await Promise.allSettled(begun);
  }
}
