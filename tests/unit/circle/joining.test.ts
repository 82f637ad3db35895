/** Asking, the six words, and the welcome. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesToBase64Url, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type CircleId } from '../../../src/lib/base/ids.ts';
import { deriveInvitationKeys, type InvitationKeys } from '../../../src/lib/circle/invitation.ts';
import {
  isMembersAnswer,
  makeAsk,
  markAnswer,
  openMessage,
  openWelcome,
  sealMessage,
  sealWelcome,
  type Ask,
  type InvitationMessage,
  type Welcome
} from '../../../src/lib/circle/joining.ts';
import { sixWordsOf } from '../../../src/lib/circle/six-words.ts';
import { joinTranscript, transcriptHash, type JoinTerms } from '../../../src/lib/circle/transcript.ts';
import * as aead from '../../../src/lib/crypto/aead.ts';
import { sealTo } from '../../../src/lib/crypto/hpke.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { hex } from '../crypto/known-device.ts';
import { FoundedCircle, friend, random, type Friend } from './friends.ts';
import { foundingKeys } from '../records/founding-keys.ts';

let circle: FoundedCircle;
let bo: Friend;
let mia: Friend;
let keys: InvitationKeys;
let terms: JoinTerms;
let ask: Ask;

beforeAll(async () => {
  circle = await FoundedCircle.by();
  [bo, mia] = (await Promise.all([1, 2].map(friend))) as [Friend, Friend];
  keys = await deriveInvitationKeys(new Uint8Array(16).fill(1));
  terms = {
    circle: circle.id,
    invite: keys.id,
    name: 'Bo',
    keys: bo.secrets.publicKeys,
    nonce: new Uint8Array(16).fill(2)
  };
  ask = await makeAsk(bo.device, terms);
});

const open = (text: string, as = circle.id, on = keys) => openMessage(on, as, text);

/** Seals any fields as a message of this invitation, as a holder of the link could. */
const sealFields = async (fields: unknown): Promise<string> =>
  bytesToBase64Url(await aead.seal(keys.key, encodeCbor(fields), utf8ToBytes(keys.topic), random));

/** A box that was sealed to a usable key, as every key here is but one. */
const usable = (box: Bytes | undefined): Bytes => {
  if (box === undefined) throw new Error('this key is usable');
  return box;
};
const sealFor = async (...args: Parameters<typeof sealWelcome>): Promise<Bytes> => usable(await sealWelcome(...args));

describe('[IN4] an ask', () => {
  test('is read by whoever holds the link', async () => {
    const message = await open(await sealMessage(keys, { type: 'ask', ask }, random));
    expect(message).toEqual({ type: 'ask', ask });
  });

  test('is named by the hash of its transcript', async () => {
    expect(idToBytes(ask.id)).toEqual(await transcriptHash(terms));
  });

  test('its transcript binds circle, invitation, name, both keys and nonce', async () => {
    const others: JoinTerms[] = [
      { ...terms, circle: bytesToId<CircleId>(new Uint8Array(16)) },
      { ...terms, invite: bytesToId(new Uint8Array(16)) },
      { ...terms, name: 'Bob' },
      { ...terms, keys: { ...terms.keys, sign: mia.secrets.publicKeys.sign } },
      { ...terms, keys: { ...terms.keys, agree: mia.secrets.publicKeys.agree } },
      { ...terms, nonce: new Uint8Array(16) }
    ];
    const texts = new Set([terms, ...others].map((each) => bytesToBase64Url(joinTranscript(each))));
    expect(texts.size).toBe(7);
  });

  test('is refused where its proof is for other terms, another device or another circle', async () => {
    const { proof } = await makeAsk(mia.device, terms);
    const renamed: Ask = { ...ask, terms: { ...terms, name: 'Bob' } };
    for (const forged of [{ ...ask, proof }, renamed]) {
      expect(await open(await sealMessage(keys, { type: 'ask', ask: forged }, random))).toBeUndefined();
    }
    const text = await sealMessage(keys, { type: 'ask', ask }, random);
    expect(await open(text, bytesToId<CircleId>(new Uint8Array(16)))).toBeUndefined();
  });

  test('is not read without the link, nor on another topic', async () => {
    const text = await sealMessage(keys, { type: 'ask', ask }, random);
    const other = await deriveInvitationKeys(new Uint8Array(16).fill(9));
    expect(await open(text, circle.id, other)).toBeUndefined();
    expect(await open(text, circle.id, { ...keys, topic: other.topic })).toBeUndefined();
  });

  const askFields = () => ({ type: 'ask', name: 'Bo', ...bo.secrets.publicKeys, nonce: terms.nonce, proof: ask.proof });
  test.each([
    ['no type', { type: undefined }],
    ['a type that is not known', { type: 'shout' }],
    ['too long a name', { name: 'x'.repeat(61) }],
    ['a name that is bytes', { name: new Uint8Array(2) }],
    ['a short key', { sign: new Uint8Array(31) }],
    ['a short nonce', { nonce: new Uint8Array(15) }],
    ['a short proof', { proof: new Uint8Array(63) }]
  ])('with %s is refused', async (_, changes) => {
    const fields = Object.fromEntries(
      Object.entries({ ...askFields(), ...changes }).filter(([, value]) => value !== undefined)
    );
    expect(await open(await sealFields(askFields()))).toMatchObject({ type: 'ask' });
    expect(await open(await sealFields(fields))).toBeUndefined();
  });

  test('never throws, whatever is on the topic', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.base64String()), async (text) => {
        expect(await open(text)).toBeUndefined();
      })
    );
  });
});

describe('[IN6] six words', () => {
  test('are the first 66 bits of the hash, eleven a word, by the list of BIP 39', async () => {
    // BIP 39's own vector: 16 bytes 7f… are "legal winner thank year wave sausage …"; the first six need no checksum.
    expect(await sixWordsOf(hex('7f'.repeat(16)))).toEqual(['legal', 'winner', 'thank', 'year', 'wave', 'sausage']);
    expect(await sixWordsOf(hex('00'.repeat(32)))).toEqual(Array.from({ length: 6 }, () => 'abandon'));
    expect(await sixWordsOf(hex('ff'.repeat(9)))).toEqual(Array.from({ length: 6 }, () => 'zoo'));
  });

  test('are the same on both sides, and others for anybody else', async () => {
    const message = await open(await sealMessage(keys, { type: 'ask', ask }, random));
    if (message?.type !== 'ask') throw new Error('an ask was sealed');
    const own = await sixWordsOf(idToBytes(ask.id));
    expect(await sixWordsOf(await transcriptHash(message.ask.terms))).toEqual(own);
    const pretender = await transcriptHash({ ...terms, keys: mia.secrets.publicKeys });
    expect(await sixWordsOf(pretender)).not.toEqual(own);
  });
});

describe('the answer', () => {
  const welcome = (): Welcome => ({
    circle: circle.id,
    epoch: circle.keys.epoch,
    secret: circle.epochSecret,
    generation: 3,
    slot: circle.slotSecret,
    founding: circle.keys.epoch,
    statements: [utf8ToBytes('a statement')]
  });

  test('[IN8] a welcome opens for the one who asked', async () => {
    const box = await sealFor(ask, welcome());
    const sealed = await sealMessage(keys, { type: 'welcome', to: ask.id, box }, random);
    const message = await open(sealed);
    expect(message).toEqual({ type: 'welcome', to: ask.id, box });
    expect(await openWelcome(bo.device, ask, box)).toEqual(welcome());
  });

  test('[IN8] and for nobody else who holds the link', async () => {
    const box = await sealFor(ask, welcome());
    expect(await openWelcome(mia.device, ask, box)).toBeUndefined();
  });

  test('[IN8] nor for another ask of the same device', async () => {
    const other = await makeAsk(bo.device, { ...terms, nonce: new Uint8Array(16) });
    expect(await openWelcome(bo.device, other, await sealFor(ask, welcome()))).toBeUndefined();
  });

  test('[IN8] nobody is welcomed under a key that is no usable point', async () => {
    const low = { ...ask, terms: { ...terms, keys: { ...terms.keys, agree: new Uint8Array(32) } } };
    expect(await sealWelcome(low, welcome())).toBeUndefined();
  });

  test('[IN9] a welcome to another circle than the link names is refused', async () => {
    const elsewhere = { ...welcome(), circle: bytesToId<CircleId>(new Uint8Array(16)) };
    expect(await openWelcome(bo.device, ask, await sealFor(ask, elsewhere))).toBeUndefined();
  });

  const welcomeFields = () => ({
    circle: idToBytes(circle.id),
    epoch: idToBytes(circle.keys.epoch),
    secret: circle.epochSecret,
    generation: 3,
    slot: circle.slotSecret,
    founding: idToBytes(circle.keys.epoch),
    statements: [] as unknown[]
  });
  test.each([
    ['a short key', { secret: new Uint8Array(31) }],
    ['a short epoch id', { epoch: new Uint8Array(15) }],
    ['a generation that is not whole', { generation: -1 }],
    ['a short key of slots', { slot: new Uint8Array(31) }],
    ['a short id of the first epoch', { founding: new Uint8Array(15) }],
    ['a statement that is text', { statements: ['genesis'] }],
    ['more statements than any circle makes', { statements: Array.from({ length: 513 }, () => new Uint8Array(0)) }]
  ])('[IN8] a welcome with %s is refused', async (_, changes) => {
    const info = utf8ToBytes('shoulder/1 welcome');
    const seal = async (fields: unknown): Promise<Bytes> =>
      usable(await sealTo(terms.keys.agree, encodeCbor(fields), info, idToBytes(ask.id)));
    expect(await openWelcome(bo.device, ask, await seal(welcomeFields()))).toMatchObject({ generation: 3 });
    expect(await openWelcome(bo.device, ask, await seal({ ...welcomeFields(), ...changes }))).toBeUndefined();
  });

  test.each(['used', 'refused', 'expired'] as const)('[IN7] a closing says why: %s', async (why) => {
    const message: InvitationMessage = { type: 'closed', to: ask.id, why };
    expect(await open(await sealMessage(keys, message, random))).toEqual(message);
  });

  test('[IN7] a closing for no reason we know is refused', async () => {
    expect(await open(await sealFields({ type: 'closed', to: idToBytes(ask.id), why: 'because' }))).toBeUndefined();
  });

  describe("[IN14] a member's mark", () => {
    const marked = () => markAnswer(circle.keys, { type: 'closed', to: ask.id, why: 'used' });

    test('is known by whoever holds the epoch, and goes with the answer', async () => {
      const answer = await marked();
      expect(await isMembersAnswer(circle.keys, answer)).toBe(true);
      expect(await open(await sealMessage(keys, answer, random))).toEqual(answer);
    });

    test('is of this answer to this ask, and of this epoch', async () => {
      const answer = await marked();
      const other = await foundingKeys(circle.id, circle.keys.epoch, new Uint8Array(32));
      expect(await isMembersAnswer(other, answer)).toBe(false);
      expect(await isMembersAnswer(circle.keys, { ...answer, to: bytesToId(new Uint8Array(32)) })).toBe(false);
      expect(await isMembersAnswer(circle.keys, { ...answer, type: 'closed', why: 'refused' })).toBe(false);
      const box = new Uint8Array(600);
      const welcome = await markAnswer(circle.keys, { type: 'welcome', to: ask.id, box });
      expect(await isMembersAnswer(circle.keys, welcome)).toBe(true);
      expect(await isMembersAnswer(circle.keys, { ...welcome, type: 'welcome', box: box.fill(1) })).toBe(false);
    });

    test('is not there on what a holder of the link makes up, which is an answer all the same', async () => {
      const text = await sealFields({ type: 'closed', to: idToBytes(ask.id), why: 'used', mark: new Uint8Array(5) });
      const answer = await open(text);
      expect(answer).toEqual({ type: 'closed', to: ask.id, why: 'used' });
      expect(answer?.type === 'closed' && (await isMembersAnswer(circle.keys, answer))).toBe(false);
    });
  });
});
