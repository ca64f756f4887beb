/**
 * A `fetch` by which a POST that is sent again while it is under way is not: both get the one answer. So a double click
 * makes nothing twice.
 */
export function shareInFlight(send: (request: Request) => Promise<Response>): (request: Request) => Promise<Response> {
  const underWay = new Map<string, Promise<Response>>();
  return async (request) => {
    if (request.method !== 'POST') return send(request);
    const name = `${request.url} ${await request.clone().text()}`;
    const first = underWay.get(name);
    if (first) return (await first).clone();
    const answer = send(request).finally(() => underWay.delete(name));
    underWay.set(name, answer);
    return (await answer).clone();
  };
}
