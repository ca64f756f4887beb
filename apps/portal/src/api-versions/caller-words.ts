import type { ApiVersionCallers } from '../api/api-versions.js';
import type { ApiVersionCaller } from '../api/types.js';
import { formatQuantity, formatUnits } from '../format/number.js';

const MOST_NAMES = 3;

/** How many organizations the applications are of that call a version. */
export function organizationCountOf(callers: readonly ApiVersionCaller[]): number {
  return new Set(callers.map(({ organization }) => organization.id)).size;
}

/** "2 applications of 1 organization called it in the last 90 days: Trips and Maps." */
export function callersWords(callers: readonly ApiVersionCaller[]): string {
  if (callers.length === 0) return 'No application has called it in the last 90 days.';
  const applications = formatUnits(callers.length, 'application');
  const organizations = formatUnits(organizationCountOf(callers), 'organization');
  const names = callers.slice(0, MOST_NAMES).map(({ application }) => application.name);
  const more = callers.length - names.length;
  const list = more > 0 ? `${names.join(', ')} and ${more} more` : listed(names);
  return `${applications} of ${organizations} called it in the last 90 days: ${list}.`;
}

/** Who of them has to change code to move on: "1 of them calls what breaks in v2."; null where no version is to be moved to. */
export function breakingWords({ latest, callers }: ApiVersionCallers): string | null {
  if (latest === null || callers.length === 0) return null;
  const breaking = callers.filter(({ breakingOperations }) => breakingOperations.length > 0).length;
  if (breaking === 0) return `Nothing that they call breaks in ${latest}.`;
  if (callers.length === 1) return `It calls what breaks in ${latest}.`;
  return breaking === 1
    ? `1 of them calls what breaks in ${latest}.`
    : `${formatQuantity(breaking)} of them call what breaks in ${latest}.`;
}

/** The operations that an application has to change for: "getCity, listCities and 2 more". */
export function operationWords(operations: readonly string[]): string {
  const more = operations.length - MOST_NAMES;
  return more > 0 ? `${operations.slice(0, MOST_NAMES).join(', ')} and ${more} more` : operations.join(', ');
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The box to tick so that they are told. */
export function notifyLabel(organizations: number): string {
  if (organizations === 1) return 'Write to the organization that called it';
  return `Write to the ${formatUnits(organizations, 'organization')} that called it`;
}
