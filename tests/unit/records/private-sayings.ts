/** What Ana says in private to some of her friends, and the parts it is made of, as the protocol has them. */
import { utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type PersonId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import * as aead from '../../../src/lib/crypto/aead.ts';
import { sealTo } from '../../../src/lib/crypto/hpke.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { Payload } from '../../../src/lib/records/payload.ts';
import { openPrivate, readPrivateBody, sealPrivate, type PrivateContent } from '../../../src/lib/records/private.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { FoundedCircle, friend, type Friend } from '../circle/friends.ts';

export const random = seededRandom(7);
export const slot = 'private/a slot';
export const info = utf8ToBytes('shoulder/1 private');
export const circle = await FoundedCircle.by();
export const [ana, bo, mia, jo, eve] = await Promise.all([friend(0), friend(1), friend(2), friend(3), friend(4)]);
export const anasTablet = await friend(5);

export const personOf = ({ device }: Friend): PersonId => bytesToId(idToBytes(device.id));
export const agreeKeyOf = ({ device }: Friend): Bytes => device.publicKeys.agree;
export const words = 'I have not told anybody yet';
export const letterTo = (...readers: readonly Friend[]): PrivateContent => ({
  kind: kinds.letter,
  to: readers.map(personOf),
  body: { words }
});

/** The body of what Ana says in private, on her phone and readable on her tablet. */
export const sealedFor = async (
  readers: readonly Friend[],
  inner = letterTo(...readers)
): Promise<Record<string, unknown>> => {
  const agreeKeys = [ana, anasTablet, ...readers].map(agreeKeyOf);
  return unwrap(await sealPrivate({ circle: circle.id, device: ana.device.id, slot, inner, agreeKeys }, random));
};

export const recordOf = (body: Record<string, unknown>, author = ana): Promise<SealedRecord> =>
  circle.say(author, { kind: kinds.private, slot, body });

/** The payload as whoever holds the epoch's keys has it: sent, opened and decoded. */
export const payloadOf = async (body: Record<string, unknown>, author = ana): Promise<Payload> =>
  (await circle.open(await recordOf(body, author))).payload;

export const openAs = (reader: Friend, payload: Payload) => openPrivate(payload, reader.device.agreeKeys);

/** The private body of a payload that has one. */
export const partsOf = (payload: Payload) => {
  const parts = readPrivateBody(payload.body);
  if (parts === undefined) throw new Error('the body is private');
  return parts;
};

/** What box and seals are bound to, as the protocol has it. */
export const aadOf = (device = ana.device.id): Bytes => encodeCbor([idToBytes(circle.id), idToBytes(device), slot]);

export const sealFor = async (reader: Friend, contentKey: Bytes, aad = aadOf()): Promise<Bytes> => {
  const seal = await sealTo(agreeKeyOf(reader), contentKey, info, aad);
  if (seal === undefined) throw new Error('this key is usable');
  return seal;
};

export const boxOf = async (padded: Bytes, contentKey: Bytes, aad = aadOf()): Promise<Bytes> =>
  aead.seal(await aead.importAeadKey(contentKey), padded, aad, random);
