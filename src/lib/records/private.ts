/**
 * Private records: what is said to chosen people only, enforced with keys (docs/protocol.md PR1–PR8).
 *
 * Outside stands kind `private` with a box and the seals of its content key, one for every device that may read it and
 * as many for nobody as the next multiple of four needs. The true kind, who it is for and what it says are in the box.
 * Box and seals are bound to circle, device and slot, so that nobody can lift them into a record of their own.
 */
import * as v from 'valibot';
import { assert } from '../base/assert.ts';
import { bytesToBase64Url, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type CircleId, type DeviceId, type PersonId } from '../base/ids.ts';
import { paddingStepBytes } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import { shuffled } from '../base/shuffle.ts';
import * as aead from '../crypto/aead.ts';
import { openSealed, sealTo } from '../crypto/hpke.ts';
import { generateThrowAwayKey } from '../crypto/throw-away-key.ts';
import { decodeCbor, encodeCbor, textMapToObject } from './codec.ts';
import { kinds } from './kinds.ts';
import { addPadding } from './padding.ts';
import { removePadding } from './opened-padding.ts';
import type { Payload } from './payload.ts';

export const contentKeyBytes = 32;
/** Seals come in such steps, so that their number says little about how many can read. */
export const sealsStep = 4;
/** Devices one private record may reach, its author's own among them. */
export const sealsMax = 128;

/** What is in the box. Its body is judged by whoever reads that kind. */
export interface PrivateContent {
  /** The true kind. */
  readonly kind: number;
  /** Who can read it besides its author: the author's word, so that each of them knows who else does. */
  readonly to: readonly PersonId[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** Something to be said in private, in the slot where its record will stand. */
export interface PrivateSaying {
  readonly circle: CircleId;
  readonly device: DeviceId;
  readonly slot: string;
  readonly inner: PrivateContent;
  /** Public X25519 keys of all devices that may read it: everybody's in `to`, and every one of the author's person. */
  readonly agreeKeys: readonly Bytes[];
}

export type SealPrivateError =
  /** The key at `index` is no usable point: anybody may state a low-order one, or a later device none. */
  | { readonly type: 'NoUsableKey'; readonly index: number }
  /** More devices than `sealsMax`. */
  | { readonly type: 'TooManyKeys'; readonly count: number };

export interface OpenedPrivate {
  readonly inner: PrivateContent;
  /** Opens this version again without public-key work; 32 bytes, to be kept only wrapped. */
  readonly contentKey: Bytes;
}

/** The body of a private record as it stands on the wire. */
export interface PrivateBody {
  /** 80 bytes each. */
  readonly seals: readonly Bytes[];
  readonly box: Bytes;
}

/** A slot for a private record: its name is seen by the whole circle, so it says nothing and is never used for anything else. PR7. */
export const newPrivateSlot = (random: Random): string => `private/${bytesToBase64Url(random.bytes(16))}`;

/**
 * The body of a private record, under a content key that is fresh every time. PR2–PR5.
 * Whether it fits an envelope is found when the record is sealed (`TooLarge`).
 */
export const sealPrivate = async (
  { circle, device, slot, inner, agreeKeys }: PrivateSaying,
  random: Random
): Promise<Result<Record<string, unknown>, SealPrivateError>> => {
  assert(agreeKeys.length > 0, 'a private record can be read by its author at least');
  if (agreeKeys.length > sealsMax) return err({ type: 'TooManyKeys', count: agreeKeys.length });
  const aad = associatedData({ circle, device, slot });
  const contentKey = random.bytes(contentKeyBytes);
  const missing = Math.ceil(agreeKeys.length / sealsStep) * sealsStep - agreeKeys.length;
  const throwAwayKeys = await Promise.all(Array.from({ length: missing }, generateThrowAwayKey));
  const seals: Bytes[] = [];
  for (const [index, key] of [...agreeKeys, ...throwAwayKeys].entries()) {
    const seal = await sealTo(key, contentKey, sealInfo, aad);
    if (seal === undefined) return err({ type: 'NoUsableKey', index });
    seals.push(seal);
  }
  const content = encodeCbor({ kind: inner.kind, to: inner.to.map(idToBytes), body: inner.body });
  const box = await aead.seal(await aead.importAeadKey(contentKey), addPadding(content), aad, random);
  return ok({ seals: shuffled(seals, random), box });
};

/**
 * Opens a private record that verified, with this device's pair, or with its content key where that is known: then no
 * public-key work is done. `undefined` is "not for this device", a wrong known key, and damage alike; nothing that
 * somebody signed makes it throw. Costs at most `sealsMax` openings, for whoever is not addressed. PR6.
 */
export const openPrivate = async (
  payload: Payload,
  agreeKeys: CryptoKeyPair,
  knownKey?: Bytes
): Promise<OpenedPrivate | undefined> => {
  const sealed = payload.kind === kinds.private ? readPrivateBody(payload.body) : undefined;
  if (sealed === undefined) return undefined;
  const aad = associatedData(payload);
  if (knownKey !== undefined) return openBox(sealed.box, knownKey, aad);
  for (let from = 0; from < sealed.seals.length; from += sealsStep) {
    const step = sealed.seals.slice(from, from + sealsStep);
    const found = await Promise.all(step.map((seal) => openSealed(agreeKeys, seal, sealInfo, aad)));
    for (const contentKey of found) {
      // A seal that opens to a key of something else is an odd author's; another seal may still be right.
      const opened = contentKey === undefined ? undefined : await openBox(sealed.box, contentKey, aad);
      if (opened !== undefined) return opened;
    }
  }
  return undefined;
};

/** The private body that a body is, or `undefined`. All that whoever cannot read it can judge. PR1. */
export const readPrivateBody = (body: unknown): PrivateBody | undefined => {
  const parsed = v.safeParse(privateBody, body);
  return parsed.success ? parsed.output : undefined;
};

const sealInfo = utf8ToBytes('shoulder/1 private');
/** enc(32) ‖ content key(32) ‖ tag(16). */
const sealBytes = 80;
const boxBytesExtra = aead.nonceBytes + aead.tagBytes;

const bytesThat = (fits: (length: number) => boolean) =>
  v.custom<Bytes>((value) => value instanceof Uint8Array && fits(value.length));

const privateBody = v.object({
  seals: v.pipe(
    v.array(bytesThat((length) => length === sealBytes)),
    v.minLength(sealsStep),
    v.maxLength(sealsMax),
    v.check((seals) => seals.length % sealsStep === 0)
  ),
  box: bytesThat((length) => length > boxBytesExtra && (length - boxBytesExtra) % paddingStepBytes === 0)
});

const privateContent = v.object({
  kind: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  to: v.array(
    v.pipe(
      bytesThat((length) => length === idBytesLength),
      v.transform((bytes) => bytesToId<PersonId>(bytes))
    )
  ),
  body: v.pipe(
    v.custom<Map<unknown, unknown>>((value) => textMapToObject(value) !== undefined),
    v.transform((map) => textMapToObject(map) ?? {})
  )
});

/** Where a private record stands. Its version and epoch are not in it: the record's signature holds those. */
const associatedData = ({ circle, device, slot }: Pick<Payload, 'circle' | 'device' | 'slot'>): Bytes =>
  encodeCbor([idToBytes(circle), idToBytes(device), slot]);

const openBox = async (box: Bytes, contentKey: Bytes, aad: Bytes): Promise<OpenedPrivate | undefined> => {
  const padded = await aead.open(await aead.importAeadKey(contentKey), box, aad);
  const content = padded === undefined ? undefined : removePadding(padded);
  if (content === undefined) return undefined;
  const parsed = v.safeParse(privateContent, textMapToObject(decodeCbor(content)));
  return parsed.success ? { inner: parsed.output, contentKey } : undefined;
};
