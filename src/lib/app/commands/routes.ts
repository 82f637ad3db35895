/**
 * Choosing which relays a circle uses.
 */
import { circleRelaysMax, relayUrlLengthMax } from '../../base/limits.ts';
import { systemClock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { relayNames } from '../../care/ways.ts';
import { chooseRelays } from '../../circle/routes.ts';
import { kinds } from '../../records/kinds.ts';
import { normalRelayUrl } from '../../records/relay-url.ts';
import type { SayError } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { openRoutes, queryRoutes, routesSlot, type RoutesInUse } from '../../store/routes.ts';
import type { ProbeFailure } from '../../sync/envelope-carrier.ts';
import { isOnHost } from '../../sync/own-network.ts';
import { isOwnNetworkOnly } from '../own-network-setting.ts';
import type { Shoulder } from '../shoulder.ts';

/** What is wrong with an address as it was typed. */
export type RelayAddressError =
  | { readonly type: 'NotAnAddress' }
  /** The page may go out unencrypted only to where it came from, as on the very device that serves it. */
  | { readonly type: 'NotEncrypted' }
  | { readonly type: 'TooManyRelays' };

/** `KeptOff`: only one's own network is used, and this relay is not on the host that the app came from. Nothing was sent. */
export type RelayProbe = Result<{ readonly removes: boolean }, ProbeFailure | { readonly type: 'KeptOff' }>;

/**
 * The addresses in what was typed, one a line, in one form, each once. `example.org` alone means `wss://example.org`.
 * `base`: where the app came from.
 */
export const readRelayAddresses = (text: string, base: URL): Result<readonly string[], RelayAddressError> => {
  const lines = text.split(/\s+/).filter((line) => line !== '');
  const addresses = lines.map((line) => normalRelayUrl(line.includes('://') ? line : `wss://${line}`));
  const urls = [...new Set(addresses.filter((url) => url !== undefined))];
  if (addresses.includes(undefined) || urls.some(({ length }) => length > relayUrlLengthMax))
    return err({ type: 'NotAnAddress' });
  if (urls.some((url) => !url.startsWith('wss:') && new URL(url).host !== base.host))
    return err({ type: 'NotEncrypted' });
  return urls.length > circleRelaysMax ? err({ type: 'TooManyRelays' }) : ok(urls);
};

/** Those of the relays that are wanted that are not in use yet, each with what it is called among them. */
export const newRelays = (
  wanted: readonly string[],
  inUse: readonly string[]
): readonly { readonly url: string; readonly name: string }[] =>
  [...relayNames(wanted)].map(([url, name]) => ({ url, name })).filter(({ url }) => !inUse.includes(url));

/** Writes a letter there, reads it back and removes it: whether this relay is of use to this circle. `url` in its one form. */
export const probeRelay = async (app: Shoulder, circle: LocalCircle, base: URL, url: string): Promise<RelayProbe> => {
  const [{ probeRelay: probe }, ownNetworkOnly] = await Promise.all([
    import('../../sync/relay-probe.ts'),
    isOwnNetworkOnly(app.database)
  ]);
  if (ownNetworkOnly && !isOnHost(url, base.hostname)) return err({ type: 'KeptOff' });
  return probe(circle, url, { clock: systemClock, random: app.random });
};

/** The relays of a circle as they are now. */
export const readRoutes = async (app: Shoulder, circle: LocalCircle, base: URL): Promise<RoutesInUse> => {
  const [rows, { relays }] = await Promise.all([queryRoutes(app.database, circle.n), app.instance(base)]);
  return openRoutes(circle, rows, relays);
};

/** From now on the circle uses these relays, at most three; none means that everything is carried by hand. */
export const useRelays = async (
  app: Shoulder,
  circle: LocalCircle,
  base: URL,
  relays: readonly string[]
): Promise<Result<void, SayError>> => {
  const now = await readRoutes(app, circle, base);
  const body = chooseRelays(relays, [...now.relays, ...now.left]);
  const said = await app.author.say(circle, { kind: kinds.routes, slot: routesSlot, body: { ...body }, expMs: null });
  return said.ok ? ok(undefined) : said;
};
