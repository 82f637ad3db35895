/**
 * A circle's keyring: what this device needs to read, sign and find the others. Stored only wrapped by the vault.
 *
 * Shape: CBOR map with text keys, version 2; version 1, which knew one epoch, is read too. Held opened in memory once per tab.
 */
import * as v from 'valibot';
import { assert } from '../base/assert.ts';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type CircleId, type EpochId } from '../base/ids.ts';
import { importDevice, type DeviceIdentity, type DeviceSecrets } from '../crypto/device.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../records/codec.ts';
import {
  deriveEpochKeys,
  deriveLighthouseKeys,
  epochKeyBytes,
  lighthouseSecretOf,
  noticeKeys,
  slotSecretOf,
  type EpochKeys,
  type LighthouseKeys,
  type SealKeys
} from '../records/epoch-keys.ts';

export interface EpochSecret {
  readonly epoch: EpochId;
  /** 32 bytes. */
  readonly secret: Bytes;
}

/** An epoch this device has keys of. */
export interface HeldEpoch {
  readonly epoch: EpochId;
  /** `null` once it was deleted: then only the lighthouse is left. */
  readonly secret: Bytes | null;
  /** 32 bytes. */
  readonly lighthouse: Bytes;
  /** Since when it is what it is: the current one, or a former one. By this device's clock; 0 for an unknown time long ago. */
  readonly sinceMs: number;
}

/** As it is wrapped. */
export interface Keyring {
  /** Whether this is the person's own circle, with nobody else in it. */
  readonly own: boolean;
  readonly device: DeviceSecrets;
  /** The current one first, whose secret is there; then the former ones, the last one left first. */
  readonly epochs: readonly HeldEpoch[];
  /** Names slots in all epochs of the circle: 32 bytes. */
  readonly slot: Bytes;
  /** The first epoch of the circle, whether or not its keys are still held. */
  readonly founding: EpochId;
  /** The epoch this device came in by, where that is not the founding one: its invitation vouched for it. */
  readonly anchor?: EpochId;
  /** Epochs whose keys nobody handed this device in time: see `heededBy` in `circle/keyless.ts`. */
  readonly keyless?: readonly EpochId[];
  /** Of the current epoch: which document its replica is. */
  readonly generation: number;
  readonly relays: readonly string[];
}

/** A former epoch, as it is served. */
export interface OpenLighthouse {
  readonly keys: LighthouseKeys;
  /** When the circle moved on from it, by this device's clock. */
  readonly sinceMs: number;
  /** Whether the rest of its keys was deleted. */
  readonly tidied: boolean;
}

/** As it is used: non-extractable keys, and secrets only where a welcome needs them. */
export interface OpenKeyring {
  readonly circle: CircleId;
  readonly own: boolean;
  readonly device: DeviceIdentity;
  /** Everything that may open an envelope: the current epoch, former ones, then the notices of all. */
  readonly epochs: readonly SealKeys[];
  /** The epochs whose secret is here, the current one first. */
  readonly heldEpochs: readonly EpochKeys[];
  /** Records are signed and sealed in this one. */
  readonly current: EpochKeys;
  readonly currentSecret: EpochSecret;
  readonly lighthouses: readonly OpenLighthouse[];
  readonly founding: EpochId;
  readonly anchor?: EpochId;
  readonly keyless: readonly EpochId[];
  /** The circle's slot secret, as it is. */
  readonly slot: Bytes;
  readonly generation: number;
  readonly relays: readonly string[];
  /** The keys of an epoch whose secret is here. */
  held(epoch: EpochId): EpochKeys | undefined;
  /** Its secret, to go back there. */
  secretOf(epoch: EpochId): Bytes | undefined;
}

const bytes = v.custom<Bytes>((value) => value instanceof Uint8Array);
const id = v.pipe(
  bytes,
  v.check(({ length }) => length === idBytesLength)
);
const secret = v.pipe(
  bytes,
  v.check(({ length }) => length === epochKeyBytes)
);
const parts = {
  own: v.boolean(),
  sign: bytes,
  agree: bytes,
  signPublic: bytes,
  agreePublic: bytes,
  generation: v.number(),
  relays: v.array(v.string())
};
const firstShape = v.object({ ...parts, version: v.literal(1), epochs: v.strictTuple([v.tuple([id, secret])]) });
const heldShape = v.tuple([id, v.nullable(secret), secret, v.number()]);
const currentShape = v.tuple([id, secret, secret, v.number()]);
const secondShape = v.object({
  ...parts,
  version: v.literal(2),
  epochs: v.tupleWithRest([currentShape], heldShape),
  slot: secret,
  founding: id,
  anchor: v.optional(id),
  keyless: v.optional(v.array(id), [])
});
const keyringShape = v.variant('version', [firstShape, secondShape]);

/** An epoch as a keyring holds it, from its secret. */
export const holdEpoch = async ({ epoch, secret }: EpochSecret, sinceMs: number): Promise<HeldEpoch> => ({
  epoch,
  secret,
  lighthouse: await lighthouseSecretOf(secret),
  sinceMs
});

export const keyringToBytes = (keyring: Keyring): Bytes =>
  encodeCbor({
    version: 2,
    own: keyring.own,
    sign: keyring.device.sign,
    agree: keyring.device.agree,
    signPublic: keyring.device.publicKeys.sign,
    agreePublic: keyring.device.publicKeys.agree,
    epochs: keyring.epochs.map(({ epoch, secret, lighthouse, sinceMs }) => [
      idToBytes(epoch),
      secret,
      lighthouse,
      sinceMs
    ]),
    slot: keyring.slot,
    founding: idToBytes(keyring.founding),
    ...(keyring.anchor === undefined ? {} : { anchor: idToBytes(keyring.anchor) }),
    ...(keyring.keyless === undefined ? {} : { keyless: keyring.keyless.map(idToBytes) }),
    generation: keyring.generation,
    relays: [...keyring.relays]
  });

/** The keyring, or `undefined` where the bytes are not one of a version this app knows. */
export const bytesToKeyring = async (encoded: Bytes): Promise<Keyring | undefined> => {
  const parsed = v.safeParse(keyringShape, textMapToObject(decodeCbor(encoded)));
  if (!parsed.success) return undefined;
  const { own, sign, agree, signPublic, agreePublic, generation, relays } = parsed.output;
  return {
    own,
    device: { sign, agree, publicKeys: { sign: signPublic, agree: agreePublic } },
    ...(await epochsOf(parsed.output)),
    generation,
    relays
  };
};

/** Imports every key; the first epoch is the current one. */
export const openKeyring = async (circle: CircleId, keyring: Keyring): Promise<OpenKeyring> => {
  const { own, slot, founding, anchor, keyless = [], generation, relays } = keyring;
  const [device, opened] = await Promise.all([
    importDevice(keyring.device),
    Promise.all(keyring.epochs.map((held) => openEpoch(circle, held, slot)))
  ]);
  const heldEpochs = opened.flatMap(({ keys }) => (keys === undefined ? [] : [keys]));
  const lighthouses = opened.slice(1).map(({ lighthouse }) => lighthouse);
  const [current] = heldEpochs;
  const currentSecret = secretOf(keyring);
  assert(current?.epoch === currentSecret.epoch, 'a keyring has a current epoch');
  const epochs = [...heldEpochs, ...opened.map(({ lighthouse }) => noticeKeys(lighthouse.keys))];
  return {
    ...{ circle, own, device, epochs, heldEpochs, current, currentSecret, lighthouses },
    ...{ founding, slot, keyless, generation, relays },
    ...(anchor === undefined ? {} : { anchor }),
    held: (epoch) => heldEpochs.find((keys) => keys.epoch === epoch),
    secretOf: (epoch) => keyring.epochs.find((held) => held.epoch === epoch)?.secret ?? undefined
  };
};

const secretOf = ({ epochs: [current] }: Keyring): EpochSecret => {
  assert(current !== undefined && current.secret !== null, 'a keyring has the secret of its current epoch');
  return { epoch: current.epoch, secret: current.secret };
};

const openEpoch = async (
  circle: CircleId,
  { epoch, secret, lighthouse, sinceMs }: HeldEpoch,
  slot: Bytes
): Promise<{ readonly keys: EpochKeys | undefined; readonly lighthouse: OpenLighthouse }> => {
  const keys = secret === null ? undefined : await deriveEpochKeys(circle, epoch, secret, slot);
  const lighthouseKeys = keys?.lighthouse ?? (await deriveLighthouseKeys(circle, epoch, lighthouse, slot));
  return { keys, lighthouse: { keys: lighthouseKeys, sinceMs, tidied: secret === null } };
};

/** What a keyring of either version says about epochs. The first version's one epoch is the founding one. */
const epochsOf = async (
  stored: v.InferOutput<typeof keyringShape>
): Promise<Pick<Keyring, 'epochs' | 'slot' | 'founding' | 'anchor' | 'keyless'>> => {
  if (stored.version === 2)
    return {
      epochs: stored.epochs.map(([epoch, secret, lighthouse, sinceMs]) => ({
        ...{ epoch: bytesToId<EpochId>(epoch), secret, lighthouse, sinceMs }
      })),
      slot: stored.slot,
      founding: bytesToId(stored.founding),
      ...(stored.anchor === undefined ? {} : { anchor: bytesToId<EpochId>(stored.anchor) }),
      ...(stored.keyless.length === 0 ? {} : { keyless: stored.keyless.map((each) => bytesToId<EpochId>(each)) })
    };
  const [[id, secret]] = stored.epochs;
  const founding = bytesToId<EpochId>(id);
  return {
    epochs: [await holdEpoch({ epoch: founding, secret }, 0)],
    slot: await slotSecretOf(secret),
    founding
  };
};
