export function nativeFolder(): string;
export function startPostgres(options: {
  dataFolder: string;
  port?: number;
  report?: (step: string) => void;
}): Promise<{
  port: number;
  password: string;
  url(database?: string): string;
  stop(mode?: 'fast' | 'immediate'): void;
}>;
