import { describe, expect, it } from 'vitest';
import { SettingsError, parseSettings } from './settings.js';

const key = Buffer.alloc(32, 1).toString('base64');
const gateway = {
  DATABASE_URL: 'postgres://localhost/tollgate',
  KEY_PEPPERS: `1:${key}`,
  ENCRYPTION_KEYS: `1:${key}`,
  JOURNAL_DIR: '/var/lib/tollgate',
  PORTAL_URL: 'https://portal.test',
};
const parse = (settings: Record<string, string>) => parseSettings('gateway', { ...gateway, ...settings });

describe('the doors for other proxies', () => {
  it('are shut at first, and need no secret on this machine', () => {
    expect(parse({})).toMatchObject({
      DECISION_PORT: undefined,
      DECISION_HOST: '127.0.0.1',
      DECISION_UNREPORTED: 'bill',
    });
    for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
      expect(parse({ DECISION_PORT: '4083', DECISION_HOST: host })).toMatchObject({ DECISION_PORT: 4083 });
  });

  it.each(['0.0.0.0', '::', '10.0.0.2', 'gateway', '127.0.0.1.example.org'])('need one at %s', (host) => {
    for (const door of ['DECISION_PORT', 'DECISION_GRPC_PORT']) {
      expect(() => parse({ [door]: '4083', DECISION_HOST: host })).toThrow(SettingsError);
      expect(() => parse({ [door]: '4083', DECISION_HOST: host })).toThrow('DECISION_SECRET: needed where');
      const settings = { [door]: '4083', DECISION_HOST: host };
      expect(() => parse({ ...settings, DECISION_SECRET: 'a secret of proxies' })).not.toThrow();
      expect(() => parse({ ...settings, DECISION_ALLOW_OPEN: 'true' })).not.toThrow();
    }
    expect(() => parse({ DECISION_HOST: host })).not.toThrow();
  });

  it('say when a syslog port is set that nobody would be asked for', () => {
    expect(() => parse({ DECISION_SYSLOG_PORT: '4084' })).toThrow('DECISION_SYSLOG_PORT: needs DECISION_PORT');
  });
});
