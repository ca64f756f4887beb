import fs from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { MetricsService } from '../../../apps/worker/src/runtime/metrics.service.js';
import { exposed } from './exposed-metrics.js';
import { HOW_TO_GET_PROMTOOL, hasPromtool, promtool } from './promtool.js';

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const file = (path: string) => fs.readFileSync(path, 'utf8');
const { groups } = parse(file('deploy/prometheus/alerts.yml')) as { groups: { rules: AlertRule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const ofOurs = /\b(?:tollgate|nodejs|process)_[a-z0-9_]+/g;

describe.skipIf(!hasPromtool)(hasPromtool ? 'the alerts as Prometheus reads them' : HOW_TO_GET_PROMTOOL, () => {
  it.each([
    ['rules and expressions', ['check', 'rules', 'deploy/prometheus/alerts.yml']],
    ['the scrape jobs', ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.yml']],
    ['what they say of series that were made up', ['test', 'rules', 'deploy/prometheus/alerts.test.yml']],
  ])('%s', (_, words) => expect(promtool(...words)).toMatchObject({ status: 0 }));
});

describe('the alerts for Prometheus', () => {
  it('go by metrics that a gateway or a worker has', async () => {
    const known = await exposed();
    const unknown = rules.flatMap(({ alert, expr }) =>
      [...expr.matchAll(ofOurs)]
        .map(([name]) => name.replace(/_bucket$/, ''))
        .filter((name) => !known.has(name))
        .map((name) => `${alert}: ${name}`),
    );
    expect(rules.length).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
  });

  it('cover every metric that calls itself a cause for alarm', async () => {
    const alarming = [...(await exposed())]
      .filter(([, help]) => help.includes('cause for alarm'))
      .map(([name]) => name);
    const watched = new Set(rules.flatMap(({ expr }) => [...expr.matchAll(ofOurs)].map(([name]) => name)));
    expect(alarming.length).toBeGreaterThan(4);
    // Its events that are kept aside are counted by a gauge, which falls when somebody has decided.
    expect(alarming.filter((name) => !watched.has(name))).toEqual(['tollgate_usage_events_total']);
  });

  it('see the first of a kind: what their growth is told by is there before', async () => {
    const text = await new MetricsService().registry.metrics();
    const grown = rules
      .flatMap(({ expr }) => [...expr.matchAll(/increase\((tollgate_(?!gateway)[a-z_]+)\{([a-z_]+="[a-z_]+")\}/g)])
      .map(([, name, label]) => `${name}{${label}} 0`);
    expect(grown.length).toBeGreaterThan(2);
    // That of jobs has the queues for a label, and begins with each queue.
    expect(grown.filter((line) => !text.includes(line))).toEqual([
      'tollgate_job_failed_tries_total{will_retry="false"} 0',
    ]);
  });

  it('each have a section in the runbook, and no section is without its alert', () => {
    const sections = [...file('docs/runbooks/alerts.md').matchAll(/^### (\S+)$/gm)].map(([, name]) => name!);
    expect(sections).toEqual(rules.map(({ alert }) => alert));
    for (const { alert, annotations, labels } of rules) {
      expect(annotations.runbook).toBe(`docs/runbooks/alerts.md#${alert.toLowerCase()}`);
      expect(labels.severity).toMatch(/^(page|ticket)$/);
    }
  });
});
