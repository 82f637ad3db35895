/**
 * Ana, Bo and Mia's circle, and one valid sample of everything its decoders read, made by our own encoders.
 */
import { bytesToHex, type Bytes } from '../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type InviteId, type MapKey, type SaidId } from '../../src/lib/base/ids.ts';
import { reduceCircle } from '../../src/lib/circle/epochs.ts';
import { planManifest } from '../../src/lib/circle/due.ts';
import { makeAsk } from '../../src/lib/circle/joining.ts';
import { epochIdOf, manifestSlot, manifestToBody } from '../../src/lib/circle/manifest.ts';
import { sealEpoch, sealsSlot } from '../../src/lib/circle/seals.ts';
import { addDeviceSlot, rebindSlot, voteSlot } from '../../src/lib/circle/slots.ts';
import type { Statement } from '../../src/lib/circle/statements.ts';
import type { JoinAs } from '../../src/lib/circle/transcript.ts';
import { commitmentOf } from '../../src/lib/records/epoch-keys.ts';
import type { SealedRecord } from '../../src/lib/records/record.ts';
import { encodeCbor } from '../../src/lib/records/codec.ts';
import { handedKeysToBody } from '../../src/lib/records/handed-keys.ts';
import { answerToBody, type AnswerContent } from '../../src/lib/records/answer-bodies.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import { ackToBody, ledgerToBody, makeLedger } from '../../src/lib/records/ledger.ts';
import { payloadToBytes, type Payload } from '../../src/lib/records/payload.ts';
import { bytesToPayload } from '../../src/lib/records/opened-payload.ts';
import { checkInBody, FoundedCircle } from '../unit/circle/friends.ts';
import { noonMs } from '../unit/base/hand-clock.ts';
import { seededRandom } from '../unit/base/seeded-random.ts';
import {
  agreeKeyOf,
  ana,
  anasTablet,
  bo,
  eve,
  jo,
  letterTo,
  mia,
  personOf,
  sealedFor
} from '../unit/records/private-sayings.ts';

export { agreeKeyOf, ana, anasTablet, bo, jo, mia };
export const circle = await FoundedCircle.by();
export const keys = circle.keys;
export const random = seededRandom(99);
/** Nonces may repeat here: what is fuzzed stands behind them. */
export const sameNonce = { bytes: (length: number): Bytes => new Uint8Array(length).fill(7) };

const id = bytesToId<SaidId>(seededRandom(8).bytes(16));
const about = { device: bo.device.id, id };
export const answers: readonly AnswerContent[] = [
  { type: 'gesture', body: { id, about, gesture: 'hold' } },
  { type: 'reply', body: { id, about, words: 'I am here', advice: false } },
  { type: 'openAdvice', body: { about } },
  { type: 'askAdvice', body: { about } },
  { type: 'beenThere', body: { id, about, words: 'last winter' } },
  { type: 'helped', body: { about } },
  { type: 'letter', body: { id, words: 'I have not told anybody yet' } },
  { type: 'thought', body: { id } },
  { type: 'reachOut', body: { id, words: '', clear: false } },
  { type: 'reachAnswer', body: { about, answer: 'in ten minutes' } }
];

export const live = await Promise.all([
  circle.say(ana, { seq: 3 }),
  circle.say(ana, { seq: 4 }),
  circle.say(ana, { seq: 7 })
]);
const ledger = await makeLedger(live.map(({ payload: { seq }, hash }) => ({ seq, hash })));

/** Statements, as the circle's own encoders make them. */
export const invite = bytesToId<InviteId>(seededRandom(6).bytes(16));
const later = (n: number) => ({ time: { ms: noonMs + n, count: n % 2 } });

/** What a device that asks for something signs, as the body of a statement has it. */
export const askedBody = async (by: typeof ana, name: string, as?: JoinAs): Promise<Record<string, unknown>> => {
  const nonce = new Uint8Array(16).fill(5);
  const terms = { circle: circle.id, invite, name, keys: by.secrets.publicKeys, nonce };
  const { proof } = await makeAsk(by.device, as === undefined ? terms : { ...terms, as });
  return { invite: idToBytes(invite), name, nonce, proof, ...by.secrets.publicKeys };
};

const beginning = [
  await circle.genesis(),
  await circle.addition(ana, bo),
  await circle.addition(bo, mia, { inviteNumber: 1, said: later(1) }),
  await circle.addition(bo, eve, { inviteNumber: 2, said: later(2) }),
  await circle.say(ana, {
    slot: addDeviceSlot(anasTablet.device.id),
    kind: kinds.addDevice,
    body: await askedBody(anasTablet, 'tablet', 'device'),
    ...later(3)
  }),
  await circle.say(ana, {
    slot: voteSlot(personOf(eve)),
    kind: kinds.vote,
    body: { person: idToBytes(eve.device.id) },
    ...later(4)
  }),
  await circle.say(bo, {
    slot: voteSlot(personOf(eve)),
    kind: kinds.vote,
    body: { person: idToBytes(eve.device.id) },
    ...later(5)
  }),
  await circle.say(mia, {
    slot: voteSlot(mia.device.id),
    kind: kinds.vote,
    body: { device: idToBytes(mia.device.id) },
    ...later(6)
  }),
  await circle.say(bo, {
    ...{ slot: rebindSlot(jo.device.id), kind: kinds.rebind, ...later(7) },
    body: { person: idToBytes(mia.device.id), ...(await askedBody(jo, 'Mia', 'again')) }
  }),
  await circle.leave(mia, later(8))
];
const newSecret = new Uint8Array(32).fill(4);

/** Ana begins an epoch without Eve, who was voted out. */
const beginEpoch = async (): Promise<SealedRecord[]> => {
  const state = reduceCircle(await statementsOf(beginning));
  const plan = planManifest(state, ana.device.id, 'changed');
  if (plan === undefined) throw new Error('there is something to change');
  const body = manifestToBody({ ...plan, commit: await commitmentOf(newSecret) }, new Uint8Array(16).fill(6));
  const epoch = await epochIdOf(circle.id, ana.device.id, body);
  const seals = await sealEpoch(circle.id, { epoch, secret: newSecret }, [agreeKeyOf(ana), agreeKeyOf(bo)], random);
  return [
    await circle.say(ana, { slot: manifestSlot(epoch), kind: kinds.manifest, body, ...later(9) }),
    await circle.say(ana, { slot: sealsSlot(epoch), kind: kinds.seals, body: seals, ...later(10) })
  ];
};

const statementsOf = (sealed: readonly SealedRecord[]): Promise<Statement[]> =>
  Promise.all(sealed.map((record) => circle.statement(record)));

const [manifestRecord, sealsRecord] = (await beginEpoch()) as [SealedRecord, SealedRecord];
export const commit = await commitmentOf(newSecret);
export const sealsBody = sealsRecord.payload.body;
export const statementRecords = [...beginning, manifestRecord];
export const statements = await statementsOf(statementRecords);
export const state = reduceCircle(statements);
if (state.epochs.size < 2 || state.head?.depth !== 1) throw new Error('the circle has moved on');

/** Kind and body of everything that this version says, as it stands on the wire. */
export const sayings: readonly (readonly [kind: number, body: Record<string, unknown>])[] = [
  [kinds.checkIn, checkInBody('Not fine. \u2602')],
  [
    kinds.checkIn,
    checkInBody('', {
      point: [-40, 15],
      feelings: ['worn out', 'tender'],
      help: 'hear-me',
      lasting: 'day',
      said: noonMs
    })
  ],
  [kinds.invite, { secret: random.bytes(16) }],
  [kinds.routes, { relays: ['wss://relay.example/relay', 'ws://127.0.0.1:4173/relay'], left: ['wss://old.example'] }],
  [kinds.ledger, ledgerToBody(ledger)],
  [kinds.ack, ackToBody(new Map([ana, bo, mia].map(({ device }, i) => [device.id, i * 1000])))],
  [kinds.gone, {}],
  [kinds.seals, sealsBody],
  [kinds.generation, {}],
  [
    kinds.contentKeys,
    handedKeysToBody({
      circle: circle.id,
      keys: [{ key: bytesToId<MapKey>(random.bytes(16)), contentKey: random.bytes(32) }]
    })
  ],
  [kinds.private, await sealedFor([bo])],
  ...answers.map((answer) => [kinds[answer.type], answerToBody(answer)] as const)
];

/** `[kind, body]`, one CBOR item each. */
export const bodySamples: readonly Bytes[] = sayings.map(([kind, body]) => encodeCbor([kind, body]));

const payloadOf = ([kind, body]: readonly [number, Record<string, unknown>], i: number): Payload => ({
  circle: circle.id,
  epoch: keys.epoch,
  device: ana.device.id,
  seq: kind === kinds.ledger || kind === kinds.ack ? 0 : i + 1,
  slot: kind === kinds.checkIn ? 'now' : `slot/${i}`,
  ver: 1 + (i % 3),
  time: { ms: noonMs + i, count: i % 2 },
  expMs: i % 2 === 0 ? null : noonMs + 86_400_000,
  kind,
  body
});
export const statementPayloads: readonly Bytes[] = statementRecords.map(({ payload }) => payloadToBytes(payload));
export const payloadSamples: readonly Bytes[] = [...sayings.map(payloadOf).map(payloadToBytes), ...statementPayloads];
for (const sample of payloadSamples)
  if (bytesToPayload(sample) === undefined) throw new Error(`no sample: ${bytesToHex(sample)}`);

/** Envelopes of this circle, sealed and signed. */
export const envelopeSamples: readonly Bytes[] = [...live, ...statementRecords].map(({ envelope }) => envelope);

/** What stands inside the box of a private record. */
export const privateContents: readonly Bytes[] = [letterTo(bo), letterTo(), letterTo(bo, mia)].map(
  ({ kind, to, body }) => encodeCbor({ kind, to: to.map(idToBytes), body })
);
