/**
 * Coming into a circle by a welcome: checked on the real inbox before anything counts, then stored in one transaction
 * (docs/protocol.md IN9).
 */
import type { Clock } from '../base/clock.ts';
import type { EpochId, DeviceId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { wayTo, type CircleState } from '../circle/epochs.ts';
import type { Welcome } from '../circle/joining.ts';
import { deviceIdOf, type DeviceSecrets } from '../crypto/device.ts';
import type { Circles } from '../store/circles.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { holdEpoch, type Keyring } from '../store/keyring.ts';
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
 * this very device into the epoch that was named, or one that followed on it. `also` runs in the same transaction.
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
  const isFounding = welcome.epoch === welcome.founding;
  const sealed = await circles.wrap(welcome.circle, isFounding ? keyring : { ...keyring, anchor: welcome.epoch });
  return database.transaction(
    'rw',
    [database.circles, database.envelopes, database.joinings, database.drafts],
    async () => {
      const known = await database.circles.get({ id: welcome.circle });
      const row = { ...circles.newRow(welcome.circle, sealed), ...(own ? { devices: 2 } : {}) };
      const n = known?.n ?? (await database.circles.add(row));
      if (known === undefined) await database.envelopes.bulkPut(rows.map((each) => ({ ...each, circle: n })));
      await also(n);
      return n;
    }
  );
};

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
