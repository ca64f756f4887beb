import type { AtlasVersion } from './atlas-document.js';

/** A call of an operation and the status that it must have. */
export interface AtlasCall {
  readonly operation: string;
  readonly path: string;
  readonly status: number;
  readonly body?: AtlasBody;
}

export interface AtlasBody {
  readonly contentType: string;
  readonly content: string;
}

const json = (content: string): AtlasBody => ({ contentType: 'application/json', content });
const TOO_LARGE = `"${'x'.repeat(1024 * 1024)}"`;

const BOTH: readonly AtlasCall[] = [
  { operation: 'listCountries', path: '/countries', status: 200 },
  { operation: 'listCountries', path: '/countries?limit=100&offset=200', status: 200 },
  { operation: 'listCountries', path: '/countries?q=land&region=europe&sort=-areaKm2&limit=3', status: 200 },
  { operation: 'listCountries', path: '/countries?currency=eur&language=fra&landlocked=true', status: 200 },
  { operation: 'listCountries', path: '/countries?limit=0', status: 400 },
  { operation: 'listCountries', path: '/countries?limit=101', status: 400 },
  { operation: 'listCountries', path: '/countries?limit=1&limit=2', status: 400 },
  { operation: 'listCountries', path: '/countries?offset=-1', status: 400 },
  { operation: 'listCountries', path: '/countries?region=Atlantis', status: 400 },
  { operation: 'listCountries', path: '/countries?landlocked=maybe', status: 400 },
  { operation: 'listCountries', path: '/countries?sort=code', status: 400 },
  { operation: 'streamCountries', path: '/countries/stream?count=3&delayMs=0', status: 200 },
  { operation: 'streamCountries', path: '/countries/stream?count=251', status: 400 },
  { operation: 'getCountry', path: '/countries/FR', status: 200 },
  { operation: 'getCountry', path: '/countries/fra', status: 200 },
  { operation: 'getCountry', path: '/countries/XX', status: 404 },
  { operation: 'getCountryFlag', path: '/countries/CH/flag', status: 200 },
  { operation: 'getCountryFlag', path: '/countries/XX/flag', status: 404 },
  { operation: 'listCountryCities', path: '/countries/FR/cities?q=par&limit=2', status: 200 },
  { operation: 'listCountryCities', path: '/countries/AQ/cities', status: 200 },
  { operation: 'listCountryCities', path: '/countries/FR/cities?q=', status: 400 },
  { operation: 'listCountryCities', path: '/countries/XX/cities', status: 404 },
  { operation: 'listRegions', path: '/regions', status: 200 },
  { operation: 'listCurrencies', path: '/currencies', status: 200 },
  { operation: 'listCurrencies', path: '/currencies?country=ch&q=franc', status: 200 },
  { operation: 'listCurrencies', path: '/currencies?country=CHE', status: 400 },
  { operation: 'getCurrency', path: '/currencies/jpy', status: 200 },
  { operation: 'getCurrency', path: '/currencies/ZZZ', status: 404 },
  { operation: 'echo', path: '/echo', status: 200, body: json('{"hello": ["world", null, 1.50]}') },
  { operation: 'echo', path: '/echo', status: 400, body: json('{"hello":') },
  { operation: 'echo', path: '/echo', status: 413, body: json(TOO_LARGE) },
  { operation: 'echo', path: '/echo', status: 415, body: { contentType: 'text/plain', content: 'hello' } },
  { operation: 'answerSlowly', path: '/slow?ms=20', status: 200 },
  { operation: 'answerSlowly', path: '/slow?ms=30001', status: 400 },
  { operation: 'answerWithStatus', path: '/status/200', status: 200 },
  { operation: 'answerWithStatus', path: '/status/204', status: 204 },
  { operation: 'answerWithStatus', path: '/status/302', status: 302 },
  { operation: 'answerWithStatus', path: '/status/304', status: 304 },
  { operation: 'answerWithStatus', path: '/status/418', status: 418 },
  { operation: 'answerWithStatus', path: '/status/503', status: 503 },
  { operation: 'answerWithStatus', path: '/status/599', status: 599 },
  { operation: 'answerWithStatus', path: '/status/199', status: 400 },
  { operation: 'answerWithStatus', path: '/status/600', status: 400 },
];

/** Calls that together reach every operation and every status that the documents give to the API itself. */
export const ATLAS_CALLS: Readonly<Record<AtlasVersion, readonly AtlasCall[]>> = {
  v1: [
    ...BOTH,
    { operation: 'listCountryNeighbours', path: '/countries/PT/neighbours', status: 200 },
    { operation: 'listCountryNeighbours', path: '/countries/XX/neighbours', status: 404 },
    { operation: 'findCountriesByCallingCode', path: '/calling-codes/1', status: 200 },
    { operation: 'findCountriesByCallingCode', path: '/calling-codes/999', status: 404 },
  ],
  v2: [
    ...BOTH,
    { operation: 'listCountries', path: '/countries?callingCode=33', status: 200 },
    { operation: 'listCountries', path: '/countries?callingCode=%2B33', status: 400 },
    { operation: 'listCountryBorders', path: '/countries/PT/borders', status: 200 },
    { operation: 'listCountryBorders', path: '/countries/XX/borders', status: 404 },
    { operation: 'getDistance', path: '/distance?from=FR&to=jpn', status: 200 },
    { operation: 'getDistance', path: '/distance?from=FR', status: 400 },
    { operation: 'getDistance', path: '/distance?from=FR&to=XX', status: 404 },
  ],
};
