import { judgeUpstreamAddress } from '../address/upstream-address.js';
import { readAddress } from '../address/ip-address.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { WEBHOOK_RULES } from './webhook-endpoint.js';

const words = new Uint32Array(4);

/**
 * The URL of an endpoint, in the one way of writing it. Over https; over http only to this machine, where the deployment
 * allows private addresses. What a name leads to is looked at whenever something is sent.
 * @throws InvalidError `webhook_url_invalid` that says what to do
 */
export function parseWebhookUrl(text: string, allowsPrivate: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || text.length > WEBHOOK_RULES.maxUrlLength || !['http:', 'https:'].includes(url.protocol))
    throw invalid(`give an absolute https URL of at most ${WEBHOOK_RULES.maxUrlLength} characters`);
  if (url.username !== '' || url.password !== '')
    throw invalid('leave user name and password out: what proves who sends is the signature');
  if (url.hash !== '') throw invalid('leave out what follows the #: it is never sent');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (url.protocol === 'http:' && !(allowsPrivate && isLoopback(host)))
    throw invalid('use https: messages travel over the internet');
  const isAddress = readAddress(host, words) !== null;
  const isRefused = isAddress ? judgeUpstreamAddress(host, allowsPrivate) !== 'allowed' : isLocalName(host);
  if (isRefused && !(allowsPrivate && isLoopback(host)))
    throw invalid(`${host} is no address on the internet: nothing is sent to private networks`);
  return url.href;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function invalid(what: string): InvalidError {
  return new InvalidError('webhook_url_invalid', `body.url: ${what}.`);
}
