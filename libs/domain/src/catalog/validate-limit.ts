import type { PlanFault } from './plan-fault.js';

/** Names go into response headers as RFC 9651 strings; quotes and backslashes would have to be escaped there. */
const NAME = /^[!#-[\]-~](?:[ !#-[\]-~]{0,62}[!#-[\]-~])?$/;

export function nameFaults(name: string, path: string): PlanFault[] {
  if (NAME.test(name)) return [];
  return [
    { path, message: 'A name is 1 to 64 printable ASCII characters without quotes, backslashes or outer spaces.' },
  ];
}

export function limitFaults(limit: number, path: string): PlanFault[] {
  if (Number.isSafeInteger(limit) && limit > 0) return [];
  return [{ path, message: `A limit is a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.` }];
}
