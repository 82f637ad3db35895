/**
 * "Only my own network": what is left of the ways out of a device that is to speak to its own network alone.
 *
 * Relays on the very host that the app came from; of the addresses that two devices try to meet at, those that lead
 * nowhere else. A friend who has a TURN server offers an address on the internet, so theirs are looked at as well.
 */
import type { PeerSignal } from './signal-message.ts';

/** Whether a relay is on this host, by its name (or address) as a page's `location.hostname` has it. */
export const isOnHost = (relay: string, host: string): boolean => URL.parse(relay)?.hostname === host;

/**
 * Opens sockets to this host only; to any where it is `null`. Throws for another one, which to a relay's connection is a relay
 * that can't be reached: what it is owed stays owed.
 */
export const socketsTo =
  (onlyHost: string | null) =>
  (url: string): WebSocket => {
    if (onlyHost !== null && !isOnHost(url, onlyHost)) throw new Error('only the own network is used');
    return new WebSocket(url);
  };

/**
 * A signal without the addresses that may lie outside this network; `undefined` for a single one that does. What stays is of
 * type `host`, and either a name that only this network can look up (mDNS) or an address that no router passes on.
 * Source: RFC 8839 §5.1; RFC 1918, 3927, 4193, 4291; RFC 6762.
 */
export const withinOwnNetwork = (signal: PeerSignal): PeerSignal | undefined => {
  if (signal.type === 'candidate') return isWithin(signal.candidate.candidate) ? signal : undefined;
  const lines = signal.sdp.split(/\r\n|\r|\n/).filter((line) => !line.startsWith('a=candidate:') || isWithin(line));
  return { ...signal, sdp: lines.join('\r\n') };
};

/** `candidate:1 1 udp 2122260223 192.168.1.20 53705 typ host …`. An empty one says that there are no more. */
const isWithin = (candidate: string): boolean => {
  if (candidate === '') return true;
  const [, , , , address = '', , , type] = candidate.split(' ');
  return type === 'host' && (address.endsWith('.local') || unrouted.test(address));
};

const unrouted = new RegExp(
  [
    String.raw`^(?:10|127)(?:\.\d{1,3}){3}$`,
    String.raw`^(?:192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2}$`,
    String.raw`^(?:fe[89ab][0-9a-f]|f[cd][0-9a-f]{2}):[0-9a-f:]+$|^::1$`
  ].join('|'),
  'i'
);
