/** Everything that comes out of it, in order. */
export async function drain<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const drained: Item[] = [];
  for await (const item of items) drained.push(item);
  return drained;
}
