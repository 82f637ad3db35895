/**
 * How what is said in a circle gets there, as far as this device knows: by which ways friends were heard, who is here now,
 * which relays are in use and how each is doing.
 */
import { dayMs } from '../../base/clock.ts';
import { circleRelaysMax } from '../../base/limits.ts';
import { friendsWays, relayNames, type FriendWays, type HeardWay, type Way } from '../../care/ways.ts';
import { currentPeople } from '../../circle/roster.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { EnvelopeRow, HeardRow, PresenceRow, RelayHealthRow } from '../../store/database.ts';
import { statementRows } from '../../store/held-rows.ts';
import { carriedRoute, directRoute, heardIn } from '../../store/heard.ts';
import { relayHealthOf } from '../../store/kept-mail.ts';
import { openRoutes, queryRoutes, type RoutesInUse, type RoutesRows } from '../../store/routes.ts';
import { isOnHost } from '../../sync/own-network.ts';
import type { RelayKind, ShownRelay } from '../../ui/shown-relays.ts';
import { Live } from '../live.svelte.ts';
import { isOwnNetworkOnly } from '../own-network-setting.ts';
import type { Shoulder } from '../shoulder.ts';

export interface RoutesState {
  /** Everyone else who is in, in roster order. */
  readonly friends: readonly FriendWays[];
  /** Who is connected now, by name in roster order. */
  readonly connected: readonly string[];
  /** In use, then those left and still served. */
  readonly relays: readonly ShownRelay[];
  /** Addresses of those in use, and which choice that is. */
  readonly addresses: readonly string[];
  readonly kind: RelayKind;
}

/** What the instance names, as far as a circle can use it at once. */
export interface GivenRelays {
  readonly addresses: readonly string[];
  /** What they are called, in the same order. */
  readonly names: readonly string[];
}

interface Rows {
  readonly statements: readonly EnvelopeRow[];
  readonly routes: RoutesRows;
  readonly heard: readonly HeardRow[];
  readonly health: readonly RelayHealthRow[];
  readonly presence: PresenceRow | undefined;
  /** Addresses of relays that are still to get something. */
  readonly owed: ReadonlySet<string>;
  readonly ownNetworkOnly: boolean;
}

interface Read extends Pick<RoutesState, 'friends' | 'connected'> {
  /** Without the instance's, which may not have answered yet. */
  readonly routes: RoutesInUse;
  readonly health: ReadonlyMap<string, RelayHealthRow>;
  readonly owed: ReadonlySet<string>;
  readonly ownNetworkOnly: boolean;
}

export class RoutesView {
  readonly #live: Live<Rows, Read>;
  readonly #host: string;
  #given = $state.raw<GivenRelays>();
  readonly #state = $derived.by(() => {
    const read = this.#live.current;
    return read === undefined ? undefined : stateOf(read, this.#given?.addresses ?? [], this.#host);
  });

  constructor(app: Shoulder, circle: LocalCircle, base: URL) {
    this.#host = base.hostname;
    this.#live = new Live(
      () => queryRows(app, circle),
      (rows) => readRows(app, circle, rows),
      app.onProblem
    );
    app.instance(base).then(({ relays, serverNowMs }) => {
      if (relays.length === 0 && serverNowMs === null) return; // it could not be asked
      const addresses = relays.slice(0, circleRelaysMax);
      this.#given = { addresses, names: [...relayNames(addresses).values()] };
    }, app.onProblem);
  }

  /** `undefined` until it has been read from disk once. */
  get current(): RoutesState | undefined {
    return this.#state;
  }

  /** `undefined` until the instance answered. */
  get given(): GivenRelays | undefined {
    return this.#given;
  }
}

const queryRows = async (app: Shoulder, { n }: LocalCircle): Promise<Rows> => {
  const { database } = app;
  const [statements, routes, heard, health, presence, ownNetworkOnly] = await Promise.all([
    statementRows(database, n),
    queryRoutes(database, n),
    heardIn(database, n),
    relayHealthOf(database, n),
    database.presence.get(n),
    isOwnNetworkOnly(database)
  ]);
  const due = await Promise.all(
    health.map(({ relay }) => database.mail.where('[circle+relay+due]').equals([n, relay, 1]).count())
  );
  const owed = new Set(health.filter((_, i) => due[i] !== 0).map(({ relay }) => relay));
  return { statements, routes, heard, health, presence, owed, ownNetworkOnly };
};

const readRows = async (app: Shoulder, circle: LocalCircle, rows: Rows): Promise<Read> => {
  const { heard, health, presence, owed, ownNetworkOnly } = rows;
  const [roster, routes] = await Promise.all([
    app.rosters.ofRows(circle, rows.statements),
    openRoutes(circle, rows.routes, [])
  ]);
  const here = new Set(presence?.devices ?? []);
  const ownDevice = circle.keyring.device.id;
  const today = Math.floor(app.clock.nowMs() / dayMs);
  const friends = friendsWays(roster, ownDevice, { heard: toHeardWays(heard), here, today });
  const isHere = new Set(
    currentPeople(roster)
      .filter(({ devices }) => devices.some((device) => here.has(device)))
      .map(({ id }) => id)
  );
  return {
    friends,
    connected: friends.filter(({ person }) => isHere.has(person)).map(({ name }) => name),
    routes,
    health: new Map(health.map((row) => [row.relay, row])),
    owed,
    ownNetworkOnly
  };
};

const toHeardWays = (rows: readonly HeardRow[]): HeardWay[] => {
  const isRelay = ({ route }: HeardRow): boolean => route !== directRoute && route !== carriedRoute;
  const names = relayNames(rows.filter(isRelay).map(({ route }) => route));
  const wayOf = (route: string): Way => {
    const name = names.get(route);
    if (name !== undefined) return { type: 'relay', name };
    return { type: route === directRoute ? 'direct' : 'carried' };
  };
  return rows.map(({ device, route, day }) => ({ device, way: wayOf(route), day }));
};

const stateOf = (
  { friends, connected, routes, health, owed, ownNetworkOnly }: Read,
  given: readonly string[],
  host: string
): RoutesState => {
  // Where nobody chose and the circle began with none, the instance's are used, which those that are looked at show.
  const isInstances = routes.chosen === null && routes.relays.length === 0;
  const fallback = given.length > 0 ? given : [...health.keys()];
  const addresses = isInstances ? fallback : routes.relays;
  const all = [...addresses, ...routes.left];
  const names = relayNames(all);
  const relays = all.map((url): ShownRelay => {
    const row = health.get(url);
    return {
      name: names.get(url) ?? url,
      state: ownNetworkOnly && !isOnHost(url, host) ? 'kept-off' : (row?.state ?? 'opening'),
      reason: row?.reason ?? '',
      isOwed: owed.has(url),
      isLeft: !addresses.includes(url)
    };
  });
  return { friends, connected, relays, addresses, kind: kindOf(addresses, given, isInstances) };
};

const kindOf = (addresses: readonly string[], given: readonly string[], isInstances: boolean): RelayKind => {
  if (addresses.length === 0) return 'none';
  return isInstances || addresses.toSorted().join() === given.toSorted().join() ? 'given' : 'own';
};
