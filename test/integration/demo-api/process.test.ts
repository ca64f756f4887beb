import { describe, expect, it } from 'vitest';
import { runApp } from '../run-app.js';

describe('the demo API as a process', () => {
  it('says where it listens, serves there, and stops at SIGTERM although a call is waiting', async () => {
    const app = runApp('demo-api', ['--port', '0']);
    const line = await app.firstLine();
    expect(line).toMatch(/^demo-api listening on http:\/\/127\.0\.0\.1:\d+$/);
    const url = line.replace(/^.* on /, '');
    expect((await fetch(`${url}/v1/countries/FR`)).status).toBe(200);

    const stream = await fetch(`${url}/v1/countries/stream?count=250&delayMs=1000`);
    app.child.kill('SIGTERM');
    expect(await app.ended()).toEqual({ code: 0, signal: null });
    await expect(stream.text()).rejects.toThrow();
  });

  it.each([[['--port', '70000']], [['--port', 'x']], [['--prot', '1']], [['extra']]])(
    'refuses %j and says how it is started',
    async (args) => {
      const app = runApp('demo-api', args);
      expect((await app.ended()).code).toBe(1);
      expect(app.errors()).toContain('Usage: demo-api [--port 4070] [--host 127.0.0.1]');
    },
  );

  it('says so when the port is taken', async () => {
    const first = runApp('demo-api', ['--port', '0']);
    const port = (await first.firstLine()).replace(/^.*:/, '');
    const second = runApp('demo-api', ['--port', port]);
    expect((await second.ended()).code).toBe(1);
    expect(second.errors()).toContain('EADDRINUSE');
    first.child.kill('SIGTERM');
    await first.ended();
  });
});
