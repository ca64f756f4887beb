export function freePort(): Promise<number>;
export function isFree(port: number, host?: string): Promise<boolean>;
/** `wanted` when it is free, else the next free port after it (up to 50 further). */
export function nextFreePort(wanted: number, taken?: Set<number>): Promise<number>;
