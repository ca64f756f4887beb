// What is measured, and the figures to reach.

const get = (path) => ({ path, method: 'GET', bodyBytes: 0 });

/** Requests; `bytes` is what the answer must be. */
export const requests = {
  small: { title: 'GET, 200 B answer', ...get('/bench/v1/small'), answerBytes: 200 },
  large: { title: 'GET, 16 KiB answer', ...get('/bench/v1/large'), answerBytes: 16_384 },
  post: {
    title: 'POST, 1 KiB body',
    path: '/bench/v1/items',
    method: 'POST',
    bodyBytes: 1_024,
    answerBytes: 200,
  },
};

/** A request to the last route of an API with so many of them. */
export function requestToLastRoute(routes) {
  return { title: `${routes} routes`, ...get(`/bench/v1/resources${routes - 3}/42`), answerBytes: 200 };
}

/** Installations of the growth series; the first is also what the peers are compared with. */
export const growth = [
  { name: 'bench-1k', title: '1,000 keys, 10 routes', keys: 1_000, routes: 10 },
  { name: 'bench-100k', title: '100,000 keys, 10 routes', keys: 100_000, routes: 10, atMost: 1.1 },
  { name: 'bench-1m', title: '1,000,000 keys, 10 routes', keys: 1_000_000, routes: 10, atMost: 1.1 },
  { name: 'bench-routes', title: '1,000 keys, 1,000 routes', keys: 1_000, routes: 1_000, atMost: 1.05 },
  { name: 'bench-plans', title: '1,000 keys, 1,000 plans', keys: 1_000, routes: 10, plans: 1_000, atMost: 1.05 },
];

/** As the first installation, but each call is counted in Redis before it goes on: `policy: shared`. */
export const exact = { ...growth[0], name: 'bench-exact', target: 'Tollgate, exact', ratePolicy: 'shared' };

/** CPU per request of the gateway, as a multiple of a peer's, at most. */
export const goals = [
  { scenario: 'small', peer: 'nginx + Lua + Redis', atMost: 1.0 },
  { scenario: 'small', peer: 'http-proxy', atMost: 0.35 },
  { scenario: 'small', peer: 'first Nest version', atMost: 0.1 },
  { scenario: 'small', peer: 'Nest, TypeORM and BullMQ', atMost: 0.1 },
  { scenario: 'large', peer: 'nginx + Lua + Redis', atMost: 1.2 },
  { scenario: 'post', peer: 'nginx + Lua + Redis', atMost: 1.2 },
];

/** The time that the gateway adds at a steady rate, as a multiple of what HAProxy adds, at most. */
export const latencyGoal = { peer: 'HAProxy', atMost: 2 };
/** Each of 1,000 keys makes a call a second. */
export const steadyRate = { requestsPerSecond: 1_000, warmUpSeconds: 8, seconds: 4 };

export const modes = {
  quick: { repetitions: 3, seconds: 3, warmUpSeconds: 2, scenarios: ['small'], hasGrowth: false, hasLatency: false },
  full: {
    repetitions: 5,
    seconds: 5,
    warmUpSeconds: 3,
    scenarios: ['small', 'large', 'post'],
    hasGrowth: true,
    hasLatency: true,
  },
};

/** Peers in the scenarios beside the small GET. */
export const peersOfOtherScenarios = ['nginx + Lua + Redis', 'HAProxy'];
