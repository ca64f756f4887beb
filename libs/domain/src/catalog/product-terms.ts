/** What those who subscribe to an API product agree to. The newest version is in force; none of them ever changes. */
export interface ProductTerms {
  readonly id: string;
  readonly apiProductId: string;
  /** As the publisher names it, such as 2026-11; unique within the product. */
  readonly version: string;
  /** Plain text; empty lines separate paragraphs. */
  readonly text: string;
  readonly publishedAt: Date;
}
