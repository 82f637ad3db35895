/**
 * Coming into a circle by a welcome: checked on the real inbox before anything counts, then stored in one transaction
 * (docs/protocol.md IN9).
 */
import type { Clock } from '../base/clock.ts';
import type { EpochId, DeviceId } from '../base/ids.ts';
import { heldEpochsMax } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { wayTo, type CircleState } from '../circle/epochs.ts';
import type { Welcome } from '../circle/joining.ts';
import { isIn } from '../circle/roster.ts';
import { deviceIdOf, type DeviceSecrets } from '../crypto/device.ts';
import type { Circles } from '../store/circles.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { keptToMyselfId } from '../store/kept-to-myself.ts';
import { holdEpoch, type Keyring } from '../store/keyring.ts';
import { putNewer } from '../store/placing.ts';
import { readState } from '../store/rosters.ts';
import { Inbox } from './inbox.ts';

export interface EnteringDependencies {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly clock: Clock;
  readonly random: Random;
}

/** Where somebody asked to be let in. */
export interface Entrance {
  /** The device that asked. */
  readonly device: DeviceSecrets;
  /** The epoch that whoever vouched for the way in named; `undefined` for the founding one. */
  readonly epoch: EpochId | undefined;
  readonly relays: readonly string[];
  readonly own: boolean;
}

/**
 * Stores the circle of a welcome, with the statements that came with it, and gives its local ordinal; `undefined` where they do not put
 * this very device into the epoch that was named, or one that followed on it. Where the circle is here already, by a device that is
 * out by now, this one takes its place. `also` runs in the same transaction.
 */
export const enterCircle = async (
  deps: EnteringDependencies,
  welcome: Welcome,
  { device, epoch: named, relays, own }: Entrance,
  also: (n: number) => Promise<unknown>
): Promise<number | undefined> => {
  const { database, circles, clock } = deps;
  const keyring: Keyring = {
    ...{ own, device, relays },
    epochs: [await holdEpoch(welcome, clock.nowMs())],
    slot: welcome.slot,
    founding: welcome.founding,
    ...(named === undefined ? {} : { anchor: named }),
    generation: welcome.generation
  };
  const trial = await circles.onTrial(welcome.circle, keyring);
  const arrivals = welcome.statements.map((bytes) => ({ bytes }));
  const { rows, state } = await new Inbox(deps, trial).examine(arrivals);
  if (!isWelcomed(state, welcome, named, await deviceIdOf(device.publicKeys.sign))) return undefined;
  const before = await circles.byId(welcome.circle);
  const old = await database.circles.get({ id: welcome.circle });
  if (before !== undefined && old?.retired !== true) {
    const { roster } = await readState(database, before);
    if (isIn(roster, before.keyring.device.id)) {
      await also(before.n);
      return before.n;
    }
  }
  const isFounding = welcome.epoch === welcome.founding;
  const anchored = isFounding ? keyring : { ...keyring, anchor: welcome.epoch };
  const kept = old === undefined ? undefined : await circles.unwrap(old);
  const sealed = await circles.wrap(welcome.circle, kept === undefined ? anchored : withOlder(anchored, kept));
  const { envelopes, outbox, joinings, drafts, settings } = database;
  const places = [database.circles, envelopes, outbox, joinings, drafts, settings];
  const entered = await database.transaction('rw', places, async () => {
    const known = await database.circles.get({ id: welcome.circle });
    const row = { ...circles.newRow(welcome.circle, sealed), ...(own ? { devices: 2 } : {}) };
    const n = known === undefined ? await database.circles.add(row) : known.n;
    if (known !== undefined) {
      // What the device said that was here before is its own; this one begins to count anew.
      await database.circles.put({ ...row, n, timeMs: known.timeMs });
      // Whoever was here before has shared with this circle what they wanted to.
      await settings.put({ id: keptToMyselfId(n), value: true });
    }
    await outbox.where({ circle: n }).delete();
    await putNewer(
      database,
      rows.map((each) => ({ ...each, circle: n }))
    );
    await also(n);
    return n;
  });
  await before?.refresh();
  return entered;
};

/** The keys of a device that is let in again where one before it was: what that one could read is read with them. */
const withOlder = (keyring: Keyring, { epochs }: Keyring): Keyring => ({
  ...keyring,
  epochs: [
    ...keyring.epochs,
    ...epochs.filter(({ epoch }) => !keyring.epochs.some((each) => each.epoch === epoch))
  ].slice(0, heldEpochsMax)
});

/**
 * Whether this device is in the epoch that is entered, and that is the one that was named or followed on it. Whoever is let in again
 * can't weigh all that led there yet: then it is enough that somebody who was in began each epoch in between.
 */
const isWelcomed = (
  { epochs }: CircleState,
  { epoch: entered, founding }: Welcome,
  named: EpochId | undefined,
  device: DeviceId
): boolean => {
  const epoch = epochs.get(entered);
  const first = [...epochs.values()].find(({ manifest }) => manifest === null)?.id;
  if (epoch === undefined || !epoch.members.personOf.has(device) || first !== founding) return false;
  const way = wayTo(epoch);
  const since = way.findIndex(({ id }) => id === (named ?? founding));
  return (
    since >= 0 &&
    way.slice(0, since).every(({ manifest, parent, counts }) => {
      return counts || (manifest !== null && parent?.members.personOf.has(manifest.author) === true);
    })
  );
};
