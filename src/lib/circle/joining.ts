/**
 * Asking to join and being welcomed: the messages on an invitation's topic and in its mailboxes (docs/protocol.md IN4–IN14).
 *
 * Each message is CBOR, sealed under the invitation's key with the topic as associated data, so only holders of the
 * link read it; a welcome inside is sealed to the newcomer's device and bound to the transcript, so only they open it.
 * Answers are marked under the epoch's key, so that members know each other's from a link holder's.
 */
import * as v from 'valibot';
import { base64UrlToBytes, bytesToBase64Url, equalBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import {
  bytesToId,
  idBytesLength,
  idToBytes,
  type Brand,
  type CircleId,
  type EpochId,
  type InviteId
} from '../base/ids.ts';
import { nameLengthMax } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import * as aead from '../crypto/aead.ts';
import type { DeviceIdentity, DevicePublic } from '../crypto/device.ts';
import { deriveBytes, hmac, importHmacKey } from '../crypto/hash.ts';
import { openSealed, sealTo } from '../crypto/hpke.ts';
import { publicKeyBytes, sign, signatureBytes } from '../crypto/signature.ts';
import { importVerifyKey, verify } from '../crypto/verification.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../records/codec.ts';
import { epochKeyBytes, type EpochKeys } from '../records/epoch-keys.ts';
import type { InvitationKeys } from './invitation.ts';
import { askNonceBytes, joinTranscript, transcriptHash, type JoinAs, type JoinTerms } from './transcript.ts';

/** Hash of an ask's transcript: names one request among several on a link. */
export type AskId = Brand<string, 'AskId'>;

/** A request to be let in, its proof checked. */
export interface Ask {
  readonly id: AskId;
  readonly terms: JoinTerms;
  readonly proof: Bytes;
}

/** What a newcomer needs to be in: the epoch's key, and the envelopes that make the roster. */
export interface Welcome {
  readonly circle: CircleId;
  readonly epoch: EpochId;
  readonly secret: Bytes;
  readonly generation: number;
  /** Names slots in all epochs of the circle: 32 bytes. */
  readonly slot: Bytes;
  /** The circle's first epoch. */
  readonly founding: EpochId;
  readonly statements: readonly Bytes[];
}

/** Why a request was closed without a welcome. */
export type Closing = 'used' | 'refused' | 'expired';

/** What a member answers an ask. `mark`: by `markAnswer`; absent or wrong on what a holder of the link made up. */
export type InvitationAnswer =
  | { readonly type: 'welcome'; readonly to: AskId; readonly box: Bytes; readonly mark?: Bytes }
  | { readonly type: 'closed'; readonly to: AskId; readonly why: Closing; readonly mark?: Bytes };

export type InvitationMessage = { readonly type: 'ask'; readonly ask: Ask } | InvitationAnswer;

const bytes = (length: number) => v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length);
const anyBytes = v.custom<Bytes>((value) => value instanceof Uint8Array);
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const markBytes = 32;
/** One of any other form is as good as none: it must not make a newcomer pass over an answer. */
const mark = v.fallback(v.optional(bytes(markBytes)), undefined);

const messageShape = v.variant('type', [
  v.object({
    type: v.literal('ask'),
    name: v.pipe(v.string(), v.maxLength(nameLengthMax)),
    sign: bytes(publicKeyBytes),
    agree: bytes(publicKeyBytes),
    nonce: bytes(askNonceBytes),
    proof: bytes(signatureBytes),
    as: v.optional(v.picklist(['device', 'again']))
  }),
  v.object({ type: v.literal('welcome'), to: bytes(32), box: anyBytes, mark }),
  v.object({ type: v.literal('closed'), to: bytes(32), why: v.picklist(['used', 'refused', 'expired']), mark })
]);

const welcomeShape = v.object({
  circle: bytes(idBytesLength),
  epoch: bytes(idBytesLength),
  secret: bytes(epochKeyBytes),
  generation: whole,
  slot: bytes(epochKeyBytes),
  founding: bytes(idBytesLength),
  statements: v.pipe(v.array(anyBytes), v.maxLength(512))
});

/** Signs the terms of joining with the device that asks. */
export const makeAsk = async (device: DeviceIdentity, terms: JoinTerms): Promise<Ask> => ({
  id: bytesToId(await transcriptHash(terms)),
  terms,
  proof: await sign(device.signKey, joinTranscript(terms))
});

/** The text for the topic: base64url of the sealed message. */
export const sealMessage = async (
  keys: InvitationKeys,
  message: InvitationMessage,
  random: Random
): Promise<string> => {
  const box = await aead.seal(keys.key, encodeCbor(messageToFields(message)), utf8ToBytes(keys.topic), random);
  return bytesToBase64Url(box);
};

/** The message in a text from the topic, or `undefined` for anything else, an ask with a wrong proof included. */
export const openMessage = async (
  keys: InvitationKeys,
  circle: CircleId,
  text: string
): Promise<InvitationMessage | undefined> => {
  const box = base64UrlToBytes(text);
  const opened = box === undefined ? undefined : await aead.open(keys.key, box, utf8ToBytes(keys.topic));
  const parsed = v.safeParse(messageShape, opened === undefined ? undefined : textMapToObject(decodeCbor(opened)));
  if (!parsed.success) return undefined;
  const fields = parsed.output;
  if (fields.type !== 'ask') {
    const { mark } = fields;
    const marked = { to: bytesToId<AskId>(fields.to), ...(mark === undefined ? {} : { mark }) };
    return fields.type === 'welcome'
      ? { type: 'welcome', box: fields.box, ...marked }
      : { type: 'closed', why: fields.why, ...marked };
  }
  return readAsk(circle, keys.id, fields);
};

/** The answer with the mark by which the circle's members know it as one of theirs. IN14. */
export const markAnswer = async (
  epoch: Pick<EpochKeys, 'root'>,
  answer: InvitationAnswer
): Promise<InvitationAnswer> => ({
  ...answer,
  mark: await markOf(epoch, answer)
});

/** Whether a member who holds this epoch's secret gave this very answer. IN14. */
export const isMembersAnswer = async (epoch: Pick<EpochKeys, 'root'>, answer: InvitationAnswer): Promise<boolean> =>
  answer.mark !== undefined && equalBytes(answer.mark, await markOf(epoch, answer));

/** The HPKE box that only this asker opens, bound to the transcript; `undefined` where their key is unusable. IN8. */
export const sealWelcome = (ask: Ask, welcome: Welcome): Promise<Bytes | undefined> => {
  const plaintext = encodeCbor({
    circle: idToBytes(welcome.circle),
    epoch: idToBytes(welcome.epoch),
    secret: welcome.secret,
    generation: welcome.generation,
    slot: welcome.slot,
    founding: idToBytes(welcome.founding),
    statements: [...welcome.statements]
  });
  return sealTo(ask.terms.keys.agree, plaintext, welcomeInfo, idToBytes(ask.id));
};

/** The welcome in a box, or `undefined` where it was not sealed to this device for this ask and this circle. IN8–IN9. */
export const openWelcome = async (device: DeviceIdentity, ask: Ask, box: Bytes): Promise<Welcome | undefined> => {
  const plaintext = await openSealed(device.agreeKeys, box, welcomeInfo, idToBytes(ask.id));
  const parsed = v.safeParse(
    welcomeShape,
    plaintext === undefined ? undefined : textMapToObject(decodeCbor(plaintext))
  );
  if (!parsed.success) return undefined;
  const { circle, epoch, founding, ...rest } = parsed.output;
  if (bytesToId(circle) !== ask.terms.circle) return undefined;
  return { ...rest, circle: ask.terms.circle, epoch: bytesToId(epoch), founding: bytesToId(founding) };
};

const welcomeInfo = utf8ToBytes('shoulder/1 welcome');

const readAsk = async (
  circle: CircleId,
  invite: InviteId,
  fields: { name: string; sign: Bytes; agree: Bytes; nonce: Bytes; proof: Bytes; as?: JoinAs | undefined }
): Promise<InvitationMessage | undefined> => {
  const keys: DevicePublic = { sign: fields.sign, agree: fields.agree };
  const { name, nonce, as } = fields;
  const terms: JoinTerms = { circle, invite, name, keys, nonce, ...(as === undefined ? {} : { as }) };
  const ask = await checkAsk(terms, fields.proof);
  return ask && { type: 'ask', ask };
};

/** What a statement that lets a device in says of its request. ST4. */
export const askToStatement = ({ terms, proof }: Pick<Ask, 'terms' | 'proof'>): Record<string, unknown> => ({
  invite: idToBytes(terms.invite),
  name: terms.name,
  nonce: terms.nonce,
  proof,
  ...terms.keys
});

/** The request that these terms are, if the device that asks signed them. */
export const checkAsk = async (terms: JoinTerms, proof: Bytes): Promise<Ask | undefined> => {
  const key = await importVerifyKey(terms.keys.sign);
  if (key === undefined || !(await verify(key, joinTranscript(terms), proof))) return undefined;
  return { id: bytesToId(await transcriptHash(terms)), terms, proof };
};

const markOf = async ({ root }: Pick<EpochKeys, 'root'>, answer: InvitationAnswer): Promise<Bytes> => {
  const key = await importHmacKey(await deriveBytes(root, 'door', markBytes));
  const said = answer.type === 'welcome' ? answer.box : answer.why;
  return hmac(key, encodeCbor([answer.type, idToBytes(answer.to), said]));
};

const messageToFields = (message: InvitationMessage): Record<string, unknown> => {
  if (message.type !== 'ask') {
    const { type, to, mark } = message;
    const said = message.type === 'welcome' ? { box: message.box } : { why: message.why };
    return { type, to: idToBytes(to), ...said, ...(mark === undefined ? {} : { mark }) };
  }
  const { terms, proof } = message.ask;
  const { name, keys, nonce, as } = terms;
  return { type: 'ask', name, ...keys, nonce, proof, ...(as === undefined ? {} : { as }) };
};
