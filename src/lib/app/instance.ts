/**
 * The instance's configuration: which relays to use where a circle names none, and which ICE servers.
 *
 * Read from `instance.json` beside the app; docs/hosting.md describes it. Addresses are relative to the app's own base.
 * Missing or broken, the app works without: then friends are found by carried links only, once there are any. An entry
 * that is broken is passed over and the others count, because a browser refuses every connection for one such address.
 */
import * as v from 'valibot';
import { relayUrlLengthMax } from '../base/limits.ts';
import { normalRelayUrl } from '../records/relay-url.ts';

export interface Instance {
  /** Absolute wss: (or, on loopback, ws:) addresses, without repetition. */
  readonly relays: readonly string[];
  /** Each is one that browsers take: STUN without a name, TURN with name and password. */
  readonly iceServers: readonly RTCIceServer[];
  /** `relay`: friends' devices speak to each other through a TURN server only, and never learn each other's address. */
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** The server's time when it answered, by its `Date` header; `null` where it could not be asked. */
  readonly serverNowMs: number | null;
}

const noInstance: Instance = { relays: [], iceServers: [], iceTransportPolicy: 'all', serverNowMs: null };

/** Asks for it; `base` is the app's base address with a slash at its end. Never fails: nothing is an answer too. */
export const readInstance = async (base: URL): Promise<Instance> => {
  try {
    const response = await fetch(new URL('instance.json', base), { cache: 'no-cache' });
    if (!response.ok) return noInstance;
    return { ...toConfiguration(await response.json(), base), serverNowMs: serverTimeOf(response) };
  } catch {
    return noInstance; // offline, or not JSON: both mean that there is none to be had now
  }
};

/**
 * What the text of `instance.json` says, as far as it makes sense. Limits: 8 relays, and 8 ICE servers of 4 addresses; what
 * is more is passed over. Only stun:, stuns:, turn: and turns: by RFC 7064 and 7065, which is also what browsers take.
 */
export const toConfiguration = (text: unknown, base: URL): Omit<Instance, 'serverNowMs'> => {
  const parsed = v.safeParse(outline, text);
  if (!parsed.success) return noInstance;
  const { relays, iceServers, iceTransportPolicy } = parsed.output;
  const urls = relays.flatMap((address) => toRelay(address, base) ?? []);
  return {
    relays: [...new Set(urls)].slice(0, entriesMax),
    iceServers: iceServers.flatMap((server) => toIceServer(server) ?? []).slice(0, entriesMax),
    // Whoever wrote something else than "all" did not want addresses shown, however it was misspelt.
    iceTransportPolicy: iceTransportPolicy === undefined || iceTransportPolicy === 'all' ? 'all' : 'relay'
  };
};

const entriesMax = 8;
const addressesMax = 4;

const list = v.fallback(v.optional(v.array(v.unknown()), []), []);
const outline = v.object({ relays: list, iceServers: list, iceTransportPolicy: v.optional(v.unknown()) });

const host = String.raw`(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))`;
const port = String.raw`(?::(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]))?`;
const stunAddress = new RegExp(`^stuns?:${host}${port}$`);
const turnAddress = new RegExp(String.raw`^turns?:${host}${port}(?:\?transport=(?:udp|tcp))?$`);

/** RFC 8489 §14.3: a name is shorter than 509 bytes, and browsers throw on a longer one. */
const word = v.pipe(v.string(), v.nonEmpty(), v.maxBytes(508));
const iceServer = v.object({ urls: v.unknown(), username: v.unknown(), credential: v.unknown() });
const named = v.object({ username: word, credential: word });

const toRelay = (address: unknown, base: URL): string | undefined => {
  const url = typeof address === 'string' ? URL.parse(address, base) : null;
  const normal = url === null ? undefined : normalRelayUrl(url.href.replace(/^http/, 'ws'));
  return normal !== undefined && normal.length <= relayUrlLengthMax ? normal : undefined;
};

/** A server with whatever of its addresses it can be asked at. */
const toIceServer = (entry: unknown): RTCIceServer | undefined => {
  const parsed = v.safeParse(v.partial(iceServer), entry);
  if (!parsed.success) return undefined;
  const login = v.safeParse(named, parsed.output);
  const addresses = [parsed.output.urls].flat().filter((url) => typeof url === 'string');
  const urls = addresses
    .filter((url) => stunAddress.test(url) || (login.success && turnAddress.test(url)))
    .slice(0, addressesMax);
  if (urls.length === 0) return undefined;
  return urls.some((url) => url.startsWith('turn')) && login.success ? { urls, ...login.output } : { urls };
};

/** Only a fresh answer tells the time; one from the service worker's cache does not. */
const serverTimeOf = (response: Response): number | null => {
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(date) || response.headers.has('x-from-cache') ? null : date;
};
