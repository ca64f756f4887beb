/** A country or territory with an ISO 3166-1 code, as the Atlas API tells it (field names of version 1). */
export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** ISO 3166-1 alpha-3. */
  readonly alpha3: string;
  /** ISO 3166-1 numeric, three digits; Kosovo has none. */
  readonly numeric: string | null;
  readonly name: string;
  readonly officialName: string;
  readonly flag: string;
  readonly capital: readonly string[];
  readonly region: string;
  readonly subregion: string | null;
  readonly population: number | null;
  readonly areaKm2: number | null;
  readonly landlocked: boolean;
  readonly independent: boolean | null;
  readonly unMember: boolean;
  readonly currencies: readonly CountryCurrency[];
  readonly languages: readonly Language[];
  /** Alpha-2 codes of the countries that share a land border. */
  readonly borders: readonly string[];
  readonly location: Location;
  readonly callingCodes: readonly string[];
  readonly topLevelDomains: readonly string[];
}

export interface CountryCurrency {
  readonly code: string;
  readonly name: string;
  readonly symbol: string;
}

export interface Language {
  /** ISO 639-3. */
  readonly code: string;
  readonly name: string;
}

/** Degrees; north and east are positive. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}
