import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { exposed, labelsOf } from './exposed-metrics.js';
import { HOW_TO_GET_PROMTOOL, hasPromtool, promtool } from './promtool.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(fs.readFileSync('deploy/grafana/tollgate.json', 'utf8')) as { panels: Panel[] };
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

describe('the dashboard for Grafana', () => {
  it('goes by metrics that a gateway or a worker has', async () => {
    const known = await exposed();
    const named = queries.flatMap(({ title, expr }) =>
      [...expr.matchAll(/\b(?:tollgate|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => ({
        title,
        name: name.replace(/_bucket$/, ''),
      })),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  it('tells series apart by labels that their metrics have', () => {
    const labels = labelsOf();
    // Of Prometheus itself, of the supervisor of gateways, and of histograms.
    const others = ['instance', 'job', 'gateway', 'le'];
    const used = queries.flatMap(({ title, expr, legendFormat }) => {
      const metrics = [...expr.matchAll(/\btollgate_[a-z0-9_]+/g)].map(([name]) => name.replace(/_bucket$/, ''));
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/, ?/));
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      const chosen = [...expr.matchAll(/([a-z_]+)(?:=~|!=|=)"/g)].map(([, label]) => label!);
      return [...grouped, ...shown, ...chosen]
        .filter((label) => !others.includes(label) && metrics.some((metric) => !labels.get(metric)?.includes(label)))
        .map((label) => `${title}: ${label}`);
    });
    expect(used).toEqual([]);
  });

  it('shows what every alert is about', () => {
    const alerts = fs.readFileSync('deploy/prometheus/alerts.yml', 'utf8');
    const watched = new Set(alerts.match(/\btollgate_[a-z0-9_]+/g));
    const shown = new Set(queries.flatMap(({ expr }) => expr.match(/\btollgate_[a-z0-9_]+/g) ?? []));
    // What they tell is in the list of alerts that fire, at the top.
    const onlyInTheList = [
      'tollgate_gateway_call_reports_total',
      'tollgate_gateway_dropped_log_lines',
      'tollgate_gateway_dropped_spans',
      'tollgate_gateway_journal_disk_used_ratio',
      'tollgate_gateway_overruns_total',
      'tollgate_gateway_unchecked_targets',
      'tollgate_gateway_unreported_calls_total',
      'tollgate_gateway_upstream_targets',
      'tollgate_provider_fees_read_timestamp_seconds',
    ];
    expect([...watched].filter((name) => !shown.has(name)).toSorted()).toEqual(onlyInTheList);
  });

  it('has panels that do not lie on each other', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

describe.skipIf(!hasPromtool)(hasPromtool ? 'the dashboard as Prometheus reads it' : HOW_TO_GET_PROMTOOL, () => {
  it('asks questions that are PromQL', () => {
    const rules = queries.map(({ expr }, index) => ({
      record: `dashboard:question_${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$gateway', '.*'),
    }));
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-dashboard-')), 'rules.yml');
    fs.writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
    const { status, said } = promtool('check', 'rules', file);
    fs.rmSync(path.dirname(file), { recursive: true });
    expect(said).toContain(`${rules.length} rules found`);
    expect(status).toBe(0);
  });
});
