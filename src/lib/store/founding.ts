/**
 * Founding a circle: its keys and its first statement, in one transaction (docs/protocol.md CI1, ST3).
 */
import { idBytesLength, bytesToId, type EpochId } from '../base/ids.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { err, ok, unwrap, type Result } from '../base/result.ts';
import { circleIdOf, genesisSlot } from '../circle/statements.ts';
import { generateDeviceSecrets } from '../crypto/device.ts';
import { epochKeyBytes } from '../records/epoch-keys.ts';
import { kinds } from '../records/kinds.ts';
import { sealRecord } from '../records/record.ts';
import type { Circles, LocalCircle } from './circles.ts';
import { toStorageError, type ShoulderDatabase, type StorageError } from './database.ts';
import { toEnvelopeRow } from './envelopes.ts';
import { openKeyring, type Keyring } from './keyring.ts';

export interface Founding {
  readonly circleName: string;
  readonly personName: string;
  /** One's own circle, with nobody else in it. */
  readonly own: boolean;
  readonly relays: readonly string[];
}

export interface FoundingDependencies {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly clock: Clock;
  readonly random: Random;
}

/** Makes a circle with one person in it. Errors: what the disk refuses; nothing is stored then. */
export const foundCircle = async (
  { database, circles, clock, random }: FoundingDependencies,
  { circleName, personName, own, relays }: Founding
): Promise<Result<LocalCircle, StorageError>> => {
  const device = await generateDeviceSecrets();
  const nonce = random.bytes(idBytesLength);
  const circle = await circleIdOf(device.publicKeys.sign, nonce);
  const epoch = { epoch: bytesToId<EpochId>(random.bytes(idBytesLength)), secret: random.bytes(epochKeyBytes) };
  const keyring: Keyring = { own, device, epochs: [epoch], generation: 0, relays };
  const open = await openKeyring(circle, keyring);
  const time = { ms: clock.nowMs(), count: 0 };
  const body = { parent: null, nonce, name: circleName, founder: personName, ...device.publicKeys };
  const place = { circle, epoch: epoch.epoch, device: open.device.id, seq: 1, ver: 1, time, expMs: null };
  const payload = { ...place, slot: genesisSlot, kind: kinds.manifest, body };
  const genesis = unwrap(await sealRecord(open.current, open.device, payload, random));
  const sealed = await circles.wrap(circle, keyring);
  const row = { ...circles.newRow(circle, sealed), counter: 1, timeMs: time.ms, timeCount: time.count };
  try {
    const n = await database.transaction('rw', database.circles, database.envelopes, database.outbox, async () => {
      const added = await database.circles.add(row);
      await database.envelopes.put(toEnvelopeRow(added, genesis, genesis.envelope));
      if (!own) await database.outbox.add({ circle: added, key: genesis.key });
      return added;
    });
    return ok(await circles.open({ ...row, n }));
  } catch (error) {
    return err(toStorageError(error));
  }
};
