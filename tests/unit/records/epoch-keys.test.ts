/** What an epoch's secret leads to, and what is left of it where only the lighthouse is kept. */
import { beforeEach, describe, expect, test } from 'vitest';
import { bytesToHex, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, type EpochId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import * as aead from '../../../src/lib/crypto/aead.ts';
import { deriveBytes, importRootKey } from '../../../src/lib/crypto/hash.ts';
import { sealEnvelope } from '../../../src/lib/records/envelope.ts';
import { openEnvelope } from '../../../src/lib/records/opened-envelope.ts';
import {
  commitmentOf,
  deriveEpochKeys,
  deriveLighthouseKeys,
  lighthouseSecretOf,
  mapKeyOf,
  noticeKeys,
  slotSecretOf,
  type EpochKeys,
  type LighthouseKeys
} from '../../../src/lib/records/epoch-keys.ts';
import { mailboxKeys, roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { isSignedBy, openRecord, sealAgain } from '../../../src/lib/records/opened-record.ts';
import { FoundedCircle, friend, random } from '../circle/friends.ts';

const url = 'wss://relay.example/relay';
const noAad = new Uint8Array(0);
const laterSecret = new Uint8Array(32).fill(8);
const laterEpoch = bytesToId<EpochId>(new Uint8Array(16).fill(9));

let circle: FoundedCircle;
let later: EpochKeys;
let left: LighthouseKeys;

beforeEach(async () => {
  circle = await FoundedCircle.by();
  const slot = await slotSecretOf(circle.epochSecret);
  later = await deriveEpochKeys(circle.id, laterEpoch, laterSecret, slot);
  left = await deriveLighthouseKeys(circle.id, laterEpoch, await lighthouseSecretOf(laterSecret), slot);
});

const seal = async (key: CryptoKey): Promise<Bytes> => aead.seal(key, Uint8Array.of(7), noAad, random);
const open = (key: CryptoKey, box: Bytes) => aead.open(key, box, noAad);

describe('[KD1] [EP12] the lighthouse of an epoch', () => {
  test('finds the same room and the same mailbox as the epoch itself, and seals signaling and notices alike', async () => {
    const { lighthouse } = later;
    expect(await roomTopic(left, 3)).toBe(await roomTopic(lighthouse, 3));
    expect((await mailboxKeys(left, url)).seed).toEqual((await mailboxKeys(lighthouse, url)).seed);
    expect(await open(left.signal, await seal(later.signal))).toEqual(Uint8Array.of(7));
    expect(await open(left.notice, await seal(lighthouse.notice))).toEqual(Uint8Array.of(7));
  });

  test('leads to no key that anything else was sealed with', async () => {
    const root = await importRootKey(await lighthouseSecretOf(laterSecret));
    const labels = ['enc', 'bundle', 'door', 'commit', 'slot', 'lighthouse'];
    const secretRoot = await importRootKey(laterSecret);
    const of = async (from: CryptoKey) =>
      Promise.all(labels.map(async (label) => bytesToHex(await deriveBytes(from, label, 16))));
    const [kept, deleted] = [await of(root), await of(secretRoot)];
    expect(kept.filter((bytes) => deleted.includes(bytes))).toEqual([]);
    const envelope = unwrap(await sealEnvelope(later, Uint8Array.of(1), random));
    expect(await openEnvelope(envelope, [noticeKeys(left)])).toEqual({ ok: false, error: { type: 'NotOpened' } });
  });

  test('is another in each epoch', async () => {
    const topics = [await roomTopic(left, 0), await roomTopic(circle.keys.lighthouse, 0)];
    expect(new Set(topics).size).toBe(2);
    const seeds = [await mailboxKeys(left, url), await mailboxKeys(circle.keys.lighthouse, url)];
    expect(seeds[0]?.seed).not.toEqual(seeds[1]?.seed);
  });
});

describe('[EN8] slots', () => {
  test('are named alike in all epochs of a circle, and by its lighthouses', async () => {
    const { id } = circle.founder.device;
    const names = await Promise.all(
      [circle.keys, later, left, noticeKeys(left)].map((keys) => mapKeyOf(keys, id, 'now'))
    );
    expect(new Set(names).size).toBe(1);
  });

  test('are not named by what a later epoch would derive by itself', async () => {
    const alone = await deriveEpochKeys(circle.id, laterEpoch, laterSecret, await slotSecretOf(laterSecret));
    const { id } = circle.founder.device;
    expect(await mapKeyOf(alone, id, 'now')).not.toBe(await mapKeyOf(later, id, 'now'));
  });
});

describe('[EP1] a commitment', () => {
  test('is 16 bytes by which one secret is known and no other', async () => {
    expect((await commitmentOf(laterSecret)).length).toBe(16);
    expect(await commitmentOf(laterSecret)).toEqual(await commitmentOf(laterSecret.slice()));
    expect(await commitmentOf(laterSecret)).not.toEqual(await commitmentOf(laterSecret.with(31, 9)));
  });
});

describe('[EN7] [EP11] sealing again', () => {
  test('takes a record on as it was signed: the same hash, the same place, the same signature', async () => {
    const said = await circle.say(circle.founder);
    const record = await circle.open(said);
    expect(record.sealedIn).toBe(circle.keys.epoch);
    const again = await sealAgain(later, record, random);
    expect((await openEnvelope(again, [circle.keys])).ok).toBe(false);
    const opened = unwrap(await openRecord(again, [circle.keys, later]));
    expect([opened.hash, opened.key, opened.payload]).toEqual([record.hash, record.key, record.payload]);
    expect([opened.payload.epoch, opened.sealedIn]).toEqual([circle.keys.epoch, later.epoch]);
    expect(opened.signed).toEqual(record.signed);
    expect(await isSignedBy(opened, circle.founder.secrets.publicKeys.sign)).toBe(true);
    expect(await isSignedBy(opened, (await friend(1)).secrets.publicKeys.sign)).toBe(false);
  });

  test('as a notice opens to whoever kept the lighthouse', async () => {
    const record = await circle.open(await circle.genesis());
    const notice = await sealAgain(noticeKeys(later.lighthouse), record, random);
    expect(unwrap(await openRecord(notice, [noticeKeys(left)])).hash).toBe(record.hash);
    expect((await openRecord(notice, [later])).ok).toBe(false);
  });
});
