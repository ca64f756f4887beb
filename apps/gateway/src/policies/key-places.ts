import { type KeyPlaces, USUAL_KEY_PLACES } from '#domain';
import type { RefusalDetails } from '../responses/write-refusal.js';

/** Where the keys of an API version are looked for, and what a caller without a good one is told. */
export interface KeyPlacesEntry extends KeyPlaces {
  /** True for the header that every request's head is read for anyway. */
  readonly hasUsualHeader: boolean;
  /** Empty for the usual wording. */
  readonly refusalDetails: RefusalDetails;
}

export function compileKeyPlaces(places: KeyPlaces = USUAL_KEY_PLACES): KeyPlacesEntry {
  const hasUsualHeader = places.header === USUAL_KEY_PLACES.header;
  const detail = `This needs a valid API key: send it in the header ${places.header}.`;
  return { ...places, hasUsualHeader, refusalDetails: hasUsualHeader ? {} : { members: { detail } } };
}
