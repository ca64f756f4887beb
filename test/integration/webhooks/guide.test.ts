import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { WEBHOOK_EVENTS, generateWebhookSecret, signWebhook } from '#domain';
import { describe, expect, it } from 'vitest';

const guide = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/guides/webhooks.md'), 'utf8');
const codeOf = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code!).join('\n');
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('the guide to webhooks', () => {
  it('has every event with what it is sent for', () => {
    const rows = guide
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const listed = rows.map(([, type = '', description]) => [type.replaceAll('`', ''), description]);
    const known = Object.entries(WEBHOOK_EVENTS).map(([type, { description }]) => [type, description]);
    expect(listed.slice(0, -1)).toEqual(known);
    expect(listed.at(-1)![0]).toBe('webhook.test');
  });

  const secret = generateWebhookSecret(randomFillSync);
  const body = '{"type":"key.revoked","data":{"name":"Zoë"}}';
  const signed = (sentAt: Date) =>
    signWebhook({ id: 'msg_1', sentAt, body }, [generateWebhookSecret(randomFillSync), secret]);
  const cases = [
    { headers: signed(new Date()), body, verified: true },
    { headers: signed(new Date()), body: body.replace('key', 'KEY'), verified: false },
    { headers: { ...signed(new Date()), 'webhook-id': 'msg_2' }, body, verified: false },
    { headers: signed(new Date(Date.now() - 600_000)), body, verified: false },
    { headers: { ...signed(new Date()), 'webhook-signature': 'v1,AAAA' }, body, verified: false },
  ];

  it('verifies messages in Node', async () => {
    const module = (await import(`data:text/javascript,${encodeURIComponent(codeOf('js'))}`)) as {
      verify: (headers: object, body: string, secret: string) => boolean;
    };
    for (const { headers, body: sent, verified } of cases) expect(module.verify(headers, sent, secret)).toBe(verified);
  });

  it.skipIf(!hasPython)('verifies messages in Python', () => {
    const input = JSON.stringify(cases.map(({ headers, body: sent }) => ({ headers, body: sent, secret })));
    const program = `${codeOf('python')}
import json, sys
print(json.dumps([verify(one["headers"], one["body"].encode(), one["secret"]) for one in json.load(sys.stdin)]))`;
    const { stdout, stderr } = spawnSync('python3', ['-c', program], { input, encoding: 'utf8' });
    expect(JSON.parse(stdout || 'null'), stderr).toEqual(cases.map(({ verified }) => verified));
  });
});
