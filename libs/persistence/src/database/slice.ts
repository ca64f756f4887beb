/** A part of a list: at most so many, of those that come after a place in its order. Without either, all. */
export interface Slice<Place = string> {
  readonly after?: Place | undefined;
  readonly limit?: number | undefined;
}
