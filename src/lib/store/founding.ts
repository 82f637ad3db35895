/**
 * Founding a circle: its keys and its first statement, in one transaction (docs/protocol.md CI1, ST3).
 */
import { idBytesLength, bytesToId, type EpochId } from '../base/ids.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { err, ok, unwrap, type Result } from '../base/result.ts';
import { circleIdOf } from '../circle/circle-id.ts';
import { genesisSlot } from '../circle/slots.ts';
import { generateDeviceSecrets, type DeviceSecrets } from '../crypto/device.ts';
import { epochKeyBytes, slotSecretOf } from '../records/epoch-keys.ts';
import { kinds } from '../records/kinds.ts';
import { sealRecord } from '../records/record.ts';
import type { Circles, LocalCircle } from './circles.ts';
import { toStorageError, type ShoulderDatabase, type StorageError } from './database.ts';
import { toEnvelopeRow } from './envelopes.ts';
import { holdEpoch, openKeyring, type Keyring } from './keyring.ts';

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
  const time = { ms: clock.nowMs(), count: 0 };
  const keyring = await foundingKeyring({ own, relays }, device, random, time.ms);
  const open = await openKeyring(circle, keyring);
  const body = { parent: null, nonce, name: circleName, founder: personName, ...device.publicKeys };
  const place = { circle, epoch: keyring.founding, device: open.device.id, seq: 1, ver: 1, time, expMs: null };
  const payload = { ...place, slot: genesisSlot, kind: kinds.manifest, body };
  const genesis = unwrap(await sealRecord(open.current, open.device, payload, random));
  const sealed = await circles.wrap(circle, keyring);
  const row = { ...circles.newRow(circle, sealed), counter: 1, timeMs: time.ms, timeCount: time.count };
  try {
    const n = await database.transaction('rw', database.circles, database.envelopes, database.outbox, async () => {
      const added = await database.circles.add(row);
      await database.envelopes.put(toEnvelopeRow({ n: added, keyring: open }, genesis, genesis.envelope));
      if (!own) await database.outbox.add({ circle: added, key: genesis.key });
      return added;
    });
    return ok(await circles.open({ ...row, n }));
  } catch (error) {
    return err(toStorageError(error));
  }
};

const foundingKeyring = async (
  { own, relays }: Pick<Founding, 'own' | 'relays'>,
  device: DeviceSecrets,
  random: Random,
  nowMs: number
): Promise<Keyring> => {
  const founding = bytesToId<EpochId>(random.bytes(idBytesLength));
  const secret = random.bytes(epochKeyBytes);
  const epochs = [await holdEpoch({ epoch: founding, secret }, nowMs)];
  return { own, device, epochs, slot: await slotSecretOf(secret), founding, generation: 0, relays };
};
