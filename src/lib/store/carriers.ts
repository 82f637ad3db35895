/**
 * What a device keeps outside the vault while there is a lock, so that it can carry sealed envelopes while it is locked: where a
 * circle meets, and the keys to find it and to prove which device this is. None of them opens anything. Source: docs/protocol.md VA9, AT9.
 */
import { concatBytes } from '../base/bytes.ts';
import { idToBytes, type EpochId } from '../base/ids.ts';
import { devicesIn } from '../circle/roster.ts';
import type { LighthouseKeys } from '../records/epoch-keys.ts';
import { roomTopic } from '../records/meeting-keys.ts';
import type { LocalCircle } from './circles.ts';
import type { CarrierRow, ShoulderDatabase } from './database.ts';
import { readRoster } from './rosters.ts';
import { openRoutes, queryRoutes } from './routes.ts';

/** The name that the replica of a circle's epoch and generation is kept under. */
export const replicaId = (n: number, epoch: EpochId, generation: number): string => `${n}/${epoch}/${generation}`;

/** The name that a circle's replica is kept under now. */
export const replicaIdOf = ({ n, keyring }: LocalCircle): string =>
  replicaId(n, keyring.current.epoch, keyring.generation);

/** Where a circle meets, and by which keys its devices find one another there. */
export interface MeetingPlace extends Pick<CarrierRow, 'replica' | 'topic'> {
  readonly keys: LighthouseKeys;
}

/** Where a circle meets in a generation of its epoch: the one it is in. The keyring is read before anything is waited for. */
export const meetingPlaceOf = async (
  { n, keyring: { current, generation: now } }: LocalCircle,
  generation = now
): Promise<MeetingPlace> => ({
  replica: replicaId(n, current.epoch, generation),
  topic: await roomTopic(current.lighthouse, generation),
  keys: current.lighthouse
});

/** A circle's row as it should stand now. One's own circle has nobody to carry to: then there is none. */
export const carrierOf = async (database: ShoulderDatabase, circle: LocalCircle): Promise<CarrierRow | undefined> => {
  const { current, device, own } = circle.keyring;
  if (own) return undefined;
  const [{ replica, topic }, roster, { chosen, relays, left }] = await Promise.all([
    meetingPlaceOf(circle),
    readRoster(database, circle),
    openRoutes(circle, await queryRoutes(database, circle.n), [])
  ]);
  const row: CarrierRow = {
    circle: circle.n,
    ...{ replica, topic },
    context: concatBytes(idToBytes(current.circle), idToBytes(current.epoch)),
    device: device.id,
    publicKeys: device.publicKeys,
    signKey: device.signKey,
    signal: current.lighthouse.signal,
    others: devicesIn(roster) - 1
  };
  return chosen === null && relays.length === 0 ? row : { ...row, relays: [...relays, ...left] };
};

/** Writes rows that differ from what stands there, unless the lock was taken off meanwhile. */
export const keepCarriers = (database: ShoulderDatabase, rows: readonly CarrierRow[]): Promise<void> =>
  database.transaction('rw', database.locks, database.carriers, async () => {
    if ((await database.locks.count()) === 0) return;
    const kept = await database.carriers.bulkGet(rows.map(({ circle }) => circle));
    await database.carriers.bulkPut(rows.filter((row, i) => tellingOf(row) !== tellingOf(kept[i])));
  });

/** What makes one row differ from another; its topic and its keys belong to its replica's epoch. */
const tellingOf = (row: CarrierRow | undefined): string | undefined =>
  row && [row.replica, row.device, row.others, ...(row.relays ?? ['none named'])].join(' ');
