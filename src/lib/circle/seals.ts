/**
 * Handing an epoch's secret to the devices that are in it (docs/protocol.md EP10): one HPKE box each, in no order and without a
 * label, so that whoever carries them learns how many there are at most.
 */
import * as v from 'valibot';
import { concatBytes, equalBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type CircleId, type EpochId } from '../base/ids.ts';
import { shuffled } from '../base/shuffle.ts';
import type { Random } from '../base/random.ts';
import { openSealed, sealTo } from '../crypto/hpke.ts';
import { generateThrowAwayKey } from '../crypto/throw-away-key.ts';
import { commitmentOf, epochKeyBytes } from '../records/epoch-keys.ts';

/** A secret in 32 bytes, sealed: enc(32) ‖ ciphertext(32) ‖ tag(16). */
const sealBytes = 80;
const sealsStep = 4;
const sealsMax = 128;
const sealInfo = utf8ToBytes('shoulder/1 epoch');

export interface Seals {
  readonly epoch: EpochId;
  readonly seals: readonly Bytes[];
}

const bytes = (length: number) => v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length);
const sealsBody = v.object({
  epoch: bytes(idBytesLength),
  seals: v.pipe(v.array(bytes(sealBytes)), v.minLength(1), v.maxLength(sealsMax))
});

/** Where a device's seals of an epoch stand. */
export const sealsSlot = (epoch: EpochId): string => `epoch/${epoch}`;

export const readSealsBody = (body: unknown): Seals | undefined => {
  const parsed = v.safeParse(sealsBody, body);
  return parsed.success ? { epoch: bytesToId(parsed.output.epoch), seals: parsed.output.seals } : undefined;
};

/** The body that hands `secret` to these keys (X25519, 32 bytes each), the first 128 of them. Whose key is unusable gets none. */
export const sealEpoch = async (
  circle: CircleId,
  { epoch, secret }: { readonly epoch: EpochId; readonly secret: Bytes },
  agreeKeys: readonly Bytes[],
  random: Random
): Promise<Record<string, unknown>> => {
  const listed = agreeKeys.slice(0, sealsMax);
  const missing = Math.ceil(Math.max(1, listed.length) / sealsStep) * sealsStep - listed.length;
  const throwAwayKeys = await Promise.all(Array.from({ length: missing }, generateThrowAwayKey));
  const aad = associatedData(circle, epoch);
  const seals: Bytes[] = [];
  for (const key of [...listed, ...throwAwayKeys]) {
    const seal = await sealTo(key, secret, sealInfo, aad);
    if (seal !== undefined) seals.push(seal);
  }
  return { epoch: idToBytes(epoch), seals: shuffled(seals, random) };
};

/** The secret (32 bytes) that one of these seals hands to this device, where it is the one the manifest committed to. */
export const openEpoch = async (
  circle: CircleId,
  { epoch, seals }: Seals,
  agreeKeys: CryptoKeyPair,
  commit: Bytes
): Promise<Bytes | undefined> => {
  const aad = associatedData(circle, epoch);
  for (const seal of seals) {
    const secret = await openSealed(agreeKeys, seal, sealInfo, aad);
    if (secret?.length === epochKeyBytes && equalBytes(await commitmentOf(secret), commit)) return secret;
  }
  return undefined;
};

const associatedData = (circle: CircleId, epoch: EpochId): Bytes => concatBytes(idToBytes(circle), idToBytes(epoch));
