/**
 * The instance's configuration: which relays to use where a circle names none, and which ICE servers.
 *
 * Read from `instance.json` beside the app; docs/hosting.md describes it. Addresses are relative to the app's own base.
 * Missing or broken, the app works without: then friends are found by carried links only, once there are any.
 */
import * as v from 'valibot';

export interface Instance {
  /** Absolute wss: (or, on loopback, ws:) addresses. */
  readonly relays: readonly string[];
  readonly iceServers: readonly RTCIceServer[];
  /** The server's time when it answered, by its `Date` header; `null` where it could not be asked. */
  readonly serverNowMs: number | null;
}

const instanceShape = v.object({
  relays: v.optional(v.array(v.string()), []),
  iceServers: v.optional(
    v.array(
      v.object({
        urls: v.union([v.string(), v.array(v.string())]),
        username: v.optional(v.string()),
        credential: v.optional(v.string())
      })
    ),
    []
  )
});

const nothing: Instance = { relays: [], iceServers: [], serverNowMs: null };

/** Asks for it; `base` is the app's base address with a slash at its end. Never fails: nothing is an answer too. */
export const readInstance = async (base: URL): Promise<Instance> => {
  try {
    const response = await fetch(new URL('instance.json', base), { cache: 'no-cache' });
    if (!response.ok) return nothing;
    const parsed = v.safeParse(instanceShape, await response.json());
    if (!parsed.success) return nothing;
    const relays = parsed.output.relays.map((address) => toSocketAddress(new URL(address, base)));
    return { relays, iceServers: parsed.output.iceServers as RTCIceServer[], serverNowMs: serverTimeOf(response) };
  } catch {
    return nothing; // offline, or not JSON: both mean that there is none to be had now
  }
};

const toSocketAddress = (url: URL): string => url.href.replace(/^http/, 'ws');

/** Only a fresh answer tells the time; one from the service worker's cache does not. */
const serverTimeOf = (response: Response): number | null => {
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(date) || response.headers.has('x-from-cache') ? null : date;
};
