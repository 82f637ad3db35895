/**
 * Records: codec, payload, COSE_Sign1, envelope, the bodies of every kind, and what is private.
 */
import { concatBytes, utf8ToBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import { idToBytes } from '../../src/lib/base/ids.ts';
import { hasAuthority } from '../../src/lib/circle/authority.ts';
import { openEpoch, readSealsBody } from '../../src/lib/circle/seals.ts';
import * as aead from '../../src/lib/crypto/aead.ts';
import { answerToBody, readAnswer } from '../../src/lib/records/answer-bodies.ts';
import { readCheckInBody, readInviteBody } from '../../src/lib/records/bodies.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../src/lib/records/codec.ts';
import { envelopeVersion, sealEnvelope } from '../../src/lib/records/envelope.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import { ackToBody, ledgerToBody } from '../../src/lib/records/ledger.ts';
import { satisfiesLedger } from '../../src/lib/records/ledger-reading.ts';
import { bodyToAck, bodyToLedger } from '../../src/lib/records/ledger-reading.ts';
import { addPadding } from '../../src/lib/records/padding.ts';
import { removePadding } from '../../src/lib/records/opened-padding.ts';
import { payloadToBytes, type Payload } from '../../src/lib/records/payload.ts';
import { bytesToPayload } from '../../src/lib/records/opened-payload.ts';
import { openPrivate, readPrivateBody } from '../../src/lib/records/private.ts';
import { handedKeysToBody, readHandedKeys } from '../../src/lib/records/handed-keys.ts';
import { isSignedBy, openRecord, type OpenedRecord } from '../../src/lib/records/opened-record.ts';
import { normalRelayUrl } from '../../src/lib/records/relay-url.ts';
import { readRoutesBody } from '../../src/lib/records/routes-body.ts';
import { fitsSchema } from '../../src/lib/records/schema.ts';
import { signSign1 } from '../../src/lib/records/sign1.ts';
import { bytesToSign1 } from '../../src/lib/records/opened-sign1.ts';
import { judge } from '../../src/lib/sync/verdict.ts';
import { noonMs } from '../unit/base/hand-clock.ts';
import { boxOf, openAs, payloadOf, sealedFor, sealFor, slot } from '../unit/records/private-sayings.ts';
import * as scene from './scene.ts';
import {
  bytesTarget,
  cborTarget,
  exact,
  must,
  mustEqual,
  refusedAs,
  stable,
  textTarget,
  valueOf,
  type Outcome,
  type Target
} from './target.ts';

const { ana, bo, keys } = scene;
const envelopeErrors = ['TooLarge', 'UnknownVersion', 'NotOpened', 'Malformed'];
const sign1Header = Uint8Array.of(0xa1, 0x01, 0x27);
const sign1Samples = await Promise.all(scene.payloadSamples.map((payload) => signSign1(ana.device.signKey, payload)));
const contentKey = new Uint8Array(32).fill(9);
const privatePayload = await payloadOf(await sealedFor([bo]));
const privateParts = readPrivateBody(privatePayload.body);

/** What a body says, by kind: how it is read, and how it is written. A new kind is a line. */
const bodies: ReadonlyMap<number, (body: unknown) => Record<string, unknown> | undefined> = new Map([
  [kinds.checkIn, rewritten(readCheckInBody, ({ id, ...rest }) => ({ id: idToBytes(id), ...rest }))],
  [kinds.invite, rewritten(readInviteBody, (body) => body)],
  [kinds.routes, rewritten(readRoutesBody, (body) => body)],
  [kinds.ledger, rewritten(bodyToLedger, ledgerToBody)],
  [kinds.ack, rewritten(bodyToAck, ackToBody)],
  [kinds.contentKeys, rewritten(readHandedKeys, handedKeysToBody)],
  [kinds.private, rewritten(readPrivateBody, (body) => ({ ...body }))],
  [kinds.seals, rewritten(readSealsBody, ({ epoch, seals }) => ({ epoch: idToBytes(epoch), seals }))],
  ...scene.answers.map(({ type }) => {
    const read = (body: unknown) => readAnswer(kinds[type], body);
    return [kinds[type], rewritten(read, answerToBody)] as const;
  })
]);

/** Reads a body and writes it again. */
function rewritten<T>(read: (body: unknown) => T | undefined, write: (value: T) => Record<string, unknown>) {
  return (body: unknown): Record<string, unknown> | undefined => {
    const value = read(body);
    return value === undefined ? undefined : write(value);
  };
}

const feedBody = async (input: Bytes): Promise<Outcome> => {
  const [kind, map] = readPair(input);
  const body = textMapToObject(map);
  if (typeof kind !== 'number' || body === undefined) return 'refused';
  const fits = fitsSchema(kind, body);
  const rewrite = bodies.get(kind);
  if (rewrite === undefined) must(fits, 'what a later version says always fits');
  const said = rewrite?.(body);
  // Seals are judged where statements are, with the circle's own knowledge.
  if (rewrite !== undefined && kind !== kinds.seals)
    must(fits === (said !== undefined), 'what fits its schema can be read');
  const ledger = kind === kinds.ledger ? bodyToLedger(body) : undefined;
  if (ledger !== undefined) await satisfiesLedger(ledger, []);
  if (said === undefined) return fits ? 'taken' : 'refused';
  const reread = (bytes: Bytes) => rewrite?.(textMapToObject(decodeCbor(bytes)));
  return stable(reread, encodeCbor)(encodeCbor(said));
};

const readPair = (input: Bytes): readonly unknown[] => {
  const pair = decodeCbor(input);
  return Array.isArray(pair) ? (pair as unknown[]) : [];
};

/** Opens what was sealed with the circle's own key, and holds it against what was sealed. */
const feedEnvelope = async (envelope: Bytes, sign1: Bytes | undefined): Promise<Outcome> => {
  const record = valueOf(await openRecord(envelope, [keys]), ...envelopeErrors);
  if (record === undefined) return 'refused';
  const { payload, signature } = record.sign1;
  mustEqual(payloadToBytes(record.payload), payload, 'a payload gives the same bytes');
  if (sign1 !== undefined)
    mustEqual(encodeCbor([sign1Header, new Map(), payload, signature]), sign1, 'so does a record');
  await feedVerdict(record);
  return 'taken';
};

/** The inbox's verdict on whatever opened: it has one on everything. */
const feedVerdict = async (record: OpenedRecord): Promise<void> => {
  const verdict = await judge(record, { state: scene.state, nowMs: noonMs, key: record.key });
  hasAuthority(record.payload);
  if (verdict.type === 'good')
    must(
      (await isSignedBy(record, ana.device.publicKeys.sign)) || record.payload.device !== ana.device.id,
      'what is let in is signed'
    );
  if (verdict.type === 'refused')
    refusedAs(verdict.refusal.type, 'BadSignature', 'WrongKey', 'BadBody', 'NoAuthority', 'IsOut');
  if (verdict.type === 'waits') refusedAs(verdict.waiting.type, 'UnknownDevice', 'UnknownEpoch', 'AheadOfTime');
};

const knownEnvelopes = new Set(scene.envelopeSamples.map((envelope) => envelope.toString()));
const aad = concatBytes(Uint8Array.of(envelopeVersion), idToBytes(keys.circle), idToBytes(keys.epoch));

const privateContentOf = async (payload: Payload, knownKey?: Bytes): Promise<Bytes | undefined> => {
  const opened = await openPrivate(payload, bo.device.agreeKeys, knownKey);
  if (opened === undefined) return undefined;
  const { kind, to, body } = opened.inner;
  return encodeCbor({ kind, to: to.map(idToBytes), body });
};

export const recordsTargets: readonly Target[] = [
  cborTarget(
    'codec',
    80,
    [...scene.payloadSamples, ...sign1Samples, ...scene.privateContents],
    exact(decodeCbor, encodeCbor)
  ),
  cborTarget('payload', 80, scene.payloadSamples, exact(bytesToPayload, payloadToBytes)),
  cborTarget(
    'COSE_Sign1',
    40,
    sign1Samples,
    exact(bytesToSign1, ({ payload, signature }) => encodeCbor([sign1Header, new Map(), payload, signature]))
  ),
  bytesTarget(
    'padding',
    30,
    scene.payloadSamples.map((bytes) => addPadding(bytes)),
    exact(removePadding, addPadding)
  ),
  bytesTarget('envelope', 40, scene.envelopeSamples, async (envelope) => {
    const record = valueOf(await openRecord(envelope, [keys]), ...envelopeErrors);
    must(record === undefined || knownEnvelopes.has(envelope.toString()), 'nothing opens but what was sealed');
    return record === undefined ? 'refused' : 'taken';
  }),
  bytesTarget(
    'envelope, its padding',
    20,
    sign1Samples.map((bytes) => addPadding(bytes)),
    async (padded) => {
      const box = await aead.seal(keys.enc, padded, aad, scene.sameNonce);
      return feedEnvelope(concatBytes(Uint8Array.of(envelopeVersion), box), undefined);
    }
  ),
  cborTarget('envelope, its COSE_Sign1', 30, sign1Samples, async (sign1) => {
    const envelope = await sealEnvelope(keys, sign1, scene.sameNonce);
    if (!envelope.ok) return refusedAs(envelope.error.type, 'TooLarge');
    return feedEnvelope(envelope.value, sign1);
  }),
  cborTarget('record, its payload signed anew', 60, scene.payloadSamples, async (payload) => {
    const sign1 = await signSign1(ana.device.signKey, payload);
    const envelope = await sealEnvelope(keys, sign1, scene.sameNonce);
    if (!envelope.ok) return refusedAs(envelope.error.type, 'TooLarge');
    return feedEnvelope(envelope.value, sign1);
  }),
  cborTarget('bodies of every kind', 120, scene.bodySamples, feedBody),
  cborTarget('private, its content', 40, scene.privateContents, async (content) => {
    const box = await boxOf(addPadding(content), contentKey);
    const body = { seals: privateParts?.seals ?? [], box };
    const read = await privateContentOf({ ...privatePayload, body }, contentKey);
    if (read === undefined) return 'refused';
    return stable(
      async (bytes: Bytes) => {
        const again = { ...body, box: await boxOf(addPadding(bytes), contentKey) };
        return privateContentOf({ ...privatePayload, body: again }, contentKey);
      },
      (value) => value
    )(read);
  }),
  bytesTarget('private, its seal and box', 1, [await sealFor(bo, contentKey)], async (seal) => {
    const box = await boxOf(addPadding(scene.privateContents[0] as Bytes), contentKey);
    const seals = [seal, ...(privateParts?.seals ?? []).slice(0, 3)];
    return (await openAs(bo, { ...privatePayload, slot, body: { seals, box } })) === undefined ? 'refused' : 'taken';
  }),
  cborTarget('seals of an epoch', 1, [encodeCbor(scene.sealsBody)], async (input) => {
    const seals = readSealsBody(textMapToObject(decodeCbor(input)));
    if (seals === undefined) return 'refused';
    const secret = await openEpoch(keys.circle, seals, bo.device.agreeKeys, scene.commit);
    return secret === undefined ? 'refused' : 'taken';
  }),
  textTarget(
    'relay address',
    30,
    ['wss://Relay.example:443/relay/', 'ws://127.0.0.1:4173/a?b=c#d', 'wss://[::1]/'],
    (text) => {
      const normal = normalRelayUrl(text);
      if (normal === undefined) return 'refused';
      must(
        normalRelayUrl(normal) === normal && utf8ToBytes(normal).length === normal.length,
        'an address has one form'
      );
      return 'taken';
    }
  )
];
