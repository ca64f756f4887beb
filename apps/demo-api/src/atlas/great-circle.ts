import type { Location } from './country.js';

/** Mean radius of the Earth, IUGG. */
const EARTH_RADIUS_KM = 6371.0088;

/** The great-circle distance in kilometres by the haversine formula, rounded to 0.1 km. */
export function distanceKm(from: Location, to: Location): number {
  const latitudeArc = radians(to.latitude - from.latitude);
  const longitudeArc = radians(to.longitude - from.longitude);
  const haversine =
    Math.sin(latitudeArc / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(longitudeArc / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(haversine))) * 10) / 10;
}

/** The compass bearing at the start of the great circle, in degrees from north, rounded to 0.1. */
export function initialBearingDegrees(from: Location, to: Location): number {
  const longitudeArc = radians(to.longitude - from.longitude);
  const start = radians(from.latitude);
  const end = radians(to.latitude);
  const y = Math.sin(longitudeArc) * Math.cos(end);
  const x = Math.cos(start) * Math.sin(end) - Math.sin(start) * Math.cos(end) * Math.cos(longitudeArc);
  return Math.round((((Math.atan2(y, x) * 180) / Math.PI + 360) % 360) * 10) / 10;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
