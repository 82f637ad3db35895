/**
 * A circle's keyring: what this device needs to read, sign and find the others. Stored only wrapped by the vault.
 *
 * Shape: CBOR map with text keys, version 1. Held opened in memory once per tab.
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type CircleId, type EpochId } from '../base/ids.ts';
import { importDevice, type DeviceIdentity, type DeviceSecrets } from '../crypto/device.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../records/codec.ts';
import { deriveEpochKeys, epochKeyBytes, type EpochKeys } from '../records/epoch-keys.ts';

export interface EpochSecret {
  readonly epoch: EpochId;
  readonly secret: Bytes;
}

/** As it is wrapped. */
export interface Keyring {
  /** Whether this is the person's own circle, with nobody else in it. */
  readonly own: boolean;
  readonly device: DeviceSecrets;
  /** Newest first; records are sealed under the first. */
  readonly epochs: readonly EpochSecret[];
  readonly generation: number;
  readonly relays: readonly string[];
}

/** As it is used: non-extractable keys, and the epoch secrets only where a welcome needs them. */
export interface OpenKeyring {
  readonly circle: CircleId;
  readonly own: boolean;
  readonly device: DeviceIdentity;
  readonly epochs: readonly EpochKeys[];
  readonly current: EpochKeys;
  readonly currentSecret: EpochSecret;
  readonly generation: number;
  readonly relays: readonly string[];
}

const bytes = v.custom<Bytes>((value) => value instanceof Uint8Array);
const keyringShape = v.object({
  version: v.literal(1),
  own: v.boolean(),
  sign: bytes,
  agree: bytes,
  signPublic: bytes,
  agreePublic: bytes,
  epochs: v.pipe(v.array(v.tuple([bytes, bytes])), v.minLength(1)),
  generation: v.number(),
  relays: v.array(v.string())
});

export const keyringToBytes = (keyring: Keyring): Bytes =>
  encodeCbor({
    version: 1,
    own: keyring.own,
    sign: keyring.device.sign,
    agree: keyring.device.agree,
    signPublic: keyring.device.publicKeys.sign,
    agreePublic: keyring.device.publicKeys.agree,
    epochs: keyring.epochs.map(({ epoch, secret }) => [idToBytes(epoch), secret]),
    generation: keyring.generation,
    relays: [...keyring.relays]
  });

/** The keyring, or `undefined` where the bytes are not one of this version. */
export const bytesToKeyring = (encoded: Bytes): Keyring | undefined => {
  const parsed = v.safeParse(keyringShape, textMapToObject(decodeCbor(encoded)));
  if (!parsed.success) return undefined;
  const { own, sign, agree, signPublic, agreePublic, epochs, generation, relays } = parsed.output;
  if (epochs.some(([epoch, secret]) => epoch.length !== idBytesLength || secret.length !== epochKeyBytes))
    return undefined;
  return {
    own,
    device: { sign, agree, publicKeys: { sign: signPublic, agree: agreePublic } },
    epochs: epochs.map(([epoch, secret]) => ({ epoch: bytesToId(epoch), secret })),
    generation,
    relays
  };
};

/** Imports every key; the newest epoch is the current one. */
export const openKeyring = async (circle: CircleId, keyring: Keyring): Promise<OpenKeyring> => {
  const [device, epochs] = await Promise.all([
    importDevice(keyring.device),
    Promise.all(keyring.epochs.map(({ epoch, secret }) => deriveEpochKeys(circle, epoch, secret)))
  ]);
  const [current] = epochs;
  const [currentSecret] = keyring.epochs;
  if (current === undefined || currentSecret === undefined) throw new Error('invariant broken: a keyring has an epoch');
  const { own, generation, relays } = keyring;
  return { circle, own, device, epochs, current, currentSecret, generation, relays };
};
