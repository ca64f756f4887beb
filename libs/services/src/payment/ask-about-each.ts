import { PaymentProviderError, TollgateError } from '#domain';

/**
 * Asks the payment provider about each row, a page after the other. Stops when the provider is away; a row that it refuses to show
 * does not keep the others waiting.
 * @throws PaymentProviderError at once when it is retryable, else the first refusal after all were asked about
 */
export async function askAboutEach<Row>(
  pages: AsyncIterable<readonly Row[]>,
  ask: (row: Row) => Promise<void>,
): Promise<void> {
  let refusal: TollgateError | null = null;
  for await (const page of pages) {
    for (const row of page) {
      try {
        await ask(row);
      } catch (error) {
        if (!(error instanceof TollgateError) || (error instanceof PaymentProviderError && error.retryable))
          throw error;
        refusal ??= error;
      }
    }
  }
  if (refusal) throw refusal;
}
