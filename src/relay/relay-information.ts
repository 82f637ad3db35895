/**
 * What the relay says about itself over HTTP: the document of NIP-11.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { secondMs } from '../lib/base/clock.ts';
import { mailKind } from './event.ts';
import {
  eventTagsMax,
  filterLimitMax,
  filtersMax,
  frameBytesMax,
  mailAgeMaxMs,
  mailAheadMaxMs,
  subscriptionIdLengthMax,
  subscriptionsMax,
  type RelayLimits
} from './limits.ts';

/** Answers a plain request at the relay's address. */
export type InformationHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The document to who asks for `application/nostr+json`, with the CORS headers that NIP-11 demands, and one sentence to
 * everyone else. `limits` where the relay keeps mail.
 */
export const createInformation = (limits: RelayLimits | undefined): InformationHandler => {
  const information = JSON.stringify(limits === undefined ? passing : keeping(limits));
  return (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'Accept');
    response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS');
    response.setHeader('Vary', 'Accept');
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
    } else if ((request.headers.accept ?? '').includes('application/nostr+json')) {
      response.setHeader('Cache-Control', 'no-cache');
      response.writeHead(200, { 'Content-Type': 'application/nostr+json' }).end(information);
    } else {
      response.setHeader('Upgrade', 'websocket');
      response.writeHead(426, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('This is a Nostr relay. Shoulder talks to it by itself; there is nothing to read here.\n');
    }
  };
};

const limitation = {
  max_message_length: frameBytesMax,
  max_subscriptions: subscriptionsMax,
  max_filters: filtersMax,
  max_subid_length: subscriptionIdLengthMax,
  max_event_tags: eventTagsMax,
  auth_required: false,
  payment_required: false,
  restricted_writes: true
};

const passing = {
  name: 'Shoulder relay',
  description: 'Helps the phones of a few friends find each other. Passes ephemeral events on and stores nothing.',
  supported_nips: [1, 11],
  limitation
};

const keeping = ({ mailLifetimeMaxMs }: RelayLimits): object => ({
  name: 'Shoulder relay',
  description:
    'Helps the phones of a few friends find each other, and keeps sealed mail (kind 1059 with an expiration) until ' +
    'they wake. Mail is handed only to who signs in with its p key.',
  supported_nips: [1, 9, 11, 40, 42],
  limitation: {
    ...limitation,
    max_limit: filterLimitMax,
    default_limit: filterLimitMax,
    created_at_lower_limit: mailAgeMaxMs / secondMs,
    created_at_upper_limit: mailAheadMaxMs / secondMs
  },
  retention: [{ kinds: [mailKind], time: mailLifetimeMaxMs / secondMs }, { time: 0 }]
});
