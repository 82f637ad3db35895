/**
 * What the relay says about itself over HTTP: the document of NIP-11.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { eventTagsMax, filtersMax, frameBytesMax, subscriptionIdLengthMax, subscriptionsMax } from './limits.ts';

const information = JSON.stringify({
  name: 'Shoulder relay',
  description: 'Helps the phones of a few friends find each other. Passes ephemeral events on and stores nothing.',
  supported_nips: [1, 11],
  limitation: {
    max_message_length: frameBytesMax,
    max_subscriptions: subscriptionsMax,
    max_filters: filtersMax,
    max_subid_length: subscriptionIdLengthMax,
    max_event_tags: eventTagsMax,
    auth_required: false,
    payment_required: false,
    restricted_writes: true
  }
});

/**
 * Answers a plain request at the relay's address: the document to who asks for `application/nostr+json`, with the CORS
 * headers that NIP-11 demands, and one sentence to everyone else.
 */
export const serveInformation = (request: IncomingMessage, response: ServerResponse): void => {
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
