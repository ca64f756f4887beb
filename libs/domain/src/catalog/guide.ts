/** A text beside the reference of a version: how to begin, what to know. */
export interface Guide {
  readonly slug: string;
  readonly title: string;
  /** Of the publisher, not sanitised. */
  readonly markdown: string;
}
