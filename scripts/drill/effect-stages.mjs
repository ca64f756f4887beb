const pipeline = 'apps/gateway/src/pipeline.ts';
const forward = 'apps/gateway/src/proxy/forward.ts';
const gateway = (...names) => names.map((name) => `test/integration/gateway/${name}.test.ts`);

/** Stages that do something else than to refuse: each with the text that does it, and what the text becomes. */
export const effectStages = [
  {
    name: 'answer preflights',
    file: pipeline,
    text: '  if (exchange.cors !== null && isPreflight(exchange))\n    return preflight(gateway, exchange, exchange.cors, routing.allow);\n',
    replacement: '',
    tests: gateway('cors'),
  },
  {
    name: 'hold the operation against the plan',
    file: 'apps/gateway/src/policies/entitle.ts',
    text: "    else if (lackedBy.has(terms.operations)) refused = 'operation_not_in_plan';\n",
    replacement: '',
    tests: gateway('403-operation-not-in-plan'),
  },
  {
    name: 'read the body where it is needed',
    file: pipeline,
    text: '  if (bound === null) return checkThenCount(gateway, exchange);\n',
    replacement: '  if (bound !== -1) return checkThenCount(gateway, exchange);\n',
    tests: gateway('400-validation', 'transformation'),
  },
  {
    name: 'send test keys where they belong',
    file: 'apps/gateway/src/routing/destination.ts',
    text: "  if (mode === 'test' && testUpstream !== null) return testUpstream;\n",
    replacement: '',
    tests: gateway('mock'),
  },
  {
    name: 'change the request',
    file: 'apps/gateway/src/proxy/upstream-request.ts',
    text: 'const changes = transformation === null ? null : transformation.request;',
    replacement: 'const changes = null;',
    tests: gateway('transformation'),
  },
  {
    name: 'hold the last bytes until the event is written',
    file: forward,
    text: '        this.lastChunk = chunk;\n        return;\n',
    replacement: '',
    tests: gateway('last-byte'),
  },
  {
    name: 'reserve quotas',
    file: pipeline,
    text: `  const verdict = reserveQuotas(exchange, {
    onQuotaVerdict: (later) => guarded(gateway, exchange, () => passQuota(gateway, exchange, later)),
  });
  if (verdict === 'reserved') admit(gateway, exchange);
`,
    replacement: '  admit(gateway, exchange);\n',
    tests: gateway('429-quota'),
  },
  {
    name: 'hand calls of other proxies back to them',
    file: pipeline,
    text: '  if (exchange.decision !== null) return exchange.decision.onAdmitted(exchange);\n',
    replacement: '',
    tests: gateway('decision/envoy-http'),
  },
  {
    name: 'refuse to other proxies what needs body or answer',
    file: pipeline,
    text: '  if (exchange.decision !== null) return decideThenCount(gateway, exchange, exchange.decision);\n',
    replacement: '',
    tests: gateway('decision/envoy-http'),
  },
  {
    name: 'settle what was reserved',
    file: forward,
    text: '    endReservations(this.exchange, this.judgement);\n',
    replacement: '    endReservations(this.exchange, null);\n',
    tests: gateway('429-quota'),
  },
];
