export const TEST_DATABASE: string;
export function removeTestDatabases(folder: string): void;
export function isAlive(pid: number): boolean;
