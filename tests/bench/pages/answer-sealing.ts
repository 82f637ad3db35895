/**
 * What friends gave one another, as records: gestures and replies to the whole circle, the rest sealed to the one it is for.
 */
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idBytesLength, type CircleId, type PersonId, type SaidId } from '../../../src/lib/base/ids.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import type { DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { answerToBody, type AnswerContent } from '../../../src/lib/records/answer-bodies.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { newPrivateSlot, sealPrivate } from '../../../src/lib/records/private.ts';
import type { ToldAnswer } from './story.ts';

/** Who can speak and be spoken to, by name, and what each said last. */
export interface Company {
  readonly circle: CircleId;
  readonly devices: ReadonlyMap<string, DeviceIdentity>;
  /** Ids of the newest check-ins. */
  readonly newest: ReadonlyMap<string, Bytes>;
}

export interface SealedAnswer {
  readonly kind: number;
  readonly slot: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer as its author's device would have put it. Throws for somebody who is not in the company. */
export const sealAnswer = async (told: ToldAnswer, { circle, devices, newest }: Company): Promise<SealedAnswer> => {
  const [from, to] = [devices.get(told.from), devices.get(told.to)];
  if (from === undefined || to === undefined) throw new Error(`nobody is called ${told.from} or ${told.to}`);
  const content = contentOf(told, to, newest.get(told.to));
  const kind = kinds[content.type];
  const body = answerToBody(content);
  if (told.type === 'gesture' || told.type === 'reply')
    return { kind, slot: `said/${bytesToId(systemRandom.bytes(idBytesLength))}`, body };
  const slot = newPrivateSlot(systemRandom);
  // A person's id is that of their first device, and here nobody has another.
  const inner = { kind, to: [to.id as string as PersonId], body };
  const agreeKeys = [to, from].map(({ publicKeys }) => publicKeys.agree);
  const sealed = unwrap(await sealPrivate({ circle, device: from.id, slot, inner, agreeKeys }, systemRandom));
  return { kind: kinds.private, slot, body: sealed };
};

const contentOf = (
  { type, words = '' }: ToldAnswer,
  { id: device }: DeviceIdentity,
  newest: Bytes | undefined
): AnswerContent => {
  const id = bytesToId<SaidId>(systemRandom.bytes(idBytesLength));
  if (type === 'letter') return { type, body: { id, words } };
  if (type === 'thought') return { type, body: { id } };
  if (type === 'reachOut') return { type, body: { id, words, clear: false } };
  if (newest === undefined) throw new Error('only what was said can be answered');
  const about = { device, id: bytesToId<SaidId>(newest) };
  if (type === 'gesture') return { type, body: { id, about, gesture: words } };
  return type === 'reply' ? { type, body: { id, about, words, advice: false } } : { type, body: { id, about, words } };
};
