/** Keyrings: both versions, what they open to, and what becomes of epochs that are left. */
import { beforeEach, describe, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, idToBytes, type EpochId } from '../../../src/lib/base/ids.ts';
import { heldEpochsMax, lighthouseLifetimeMs } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { noticeKeys, slotSecretOf } from '../../../src/lib/records/epoch-keys.ts';
import { openRecord, sealAgain } from '../../../src/lib/records/opened-record.ts';
import {
  bytesToKeyring,
  keyringToBytes,
  openKeyring,
  type EpochSecret,
  type Keyring
} from '../../../src/lib/store/keyring.ts';
import { enteredKeyring, isServed } from '../../../src/lib/store/entered-keyring.ts';
import { noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, random } from '../circle/friends.ts';
import { keyringOf } from './memory-database.ts';

let circle: FoundedCircle;
let keyring: Keyring;

beforeEach(async () => {
  circle = await FoundedCircle.by();
  keyring = keyringOf(circle, circle.founder);
});

/** The nth epoch after the founding one. */
const epochNumber = (n: number): EpochSecret => ({
  epoch: bytesToId<EpochId>(new Uint8Array(16).fill(n)),
  secret: new Uint8Array(32).fill(n)
});
const enter = (from: Keyring, n: number, { forgetOlder = false, nowMs = noonMs } = {}): Promise<Keyring> =>
  enteredKeyring(from, epochNumber(n), { forgetOlder, nowMs });
const idsOf = ({ epochs }: Keyring): EpochId[] => epochs.map(({ epoch }) => epoch);

const firstVersion = (changes: Record<string, unknown> = {}) => {
  const { device, founding } = keyring;
  const { sign, agree, publicKeys } = device;
  return encodeCbor({
    ...{ version: 1, own: false, sign, agree, signPublic: publicKeys.sign, agreePublic: publicKeys.agree },
    ...{ epochs: [[idToBytes(founding), circle.epochSecret]], generation: 0, relays: [], ...changes }
  });
};

describe('[VA3] a keyring at rest', () => {
  test('of the first version has one epoch, the founding one, and names slots by it', async () => {
    expect(await bytesToKeyring(firstVersion())).toEqual({
      ...keyring,
      epochs: [{ ...circle.held, sinceMs: 0 }],
      slot: await slotSecretOf(circle.epochSecret)
    });
    expect(await bytesToKeyring(firstVersion({ epochs: [] }))).toBeUndefined();
    expect(await bytesToKeyring(firstVersion({ epochs: [[new Uint8Array(16), new Uint8Array(31)]] }))).toBeUndefined();
  });

  test('comes back with all its epochs, the one that is down to its lighthouse too', async () => {
    const moved = await enter(await enter(keyring, 1), 2, { forgetOlder: true });
    expect(moved.epochs.map(({ secret }) => secret !== null)).toEqual([true, false, false]);
    expect(await bytesToKeyring(keyringToBytes(moved))).toEqual(moved);
    expect(await bytesToKeyring(keyringToBytes({ ...moved, anchor: moved.founding }))).toEqual({
      ...moved,
      anchor: moved.founding
    });
  });

  test('is none without a current secret, or with a piece of the wrong length', async () => {
    const [current] = keyring.epochs;
    if (current === undefined) throw new Error('a keyring has an epoch');
    const broken: readonly Keyring[] = [
      { ...keyring, epochs: [{ ...current, secret: null }] },
      { ...keyring, epochs: [{ ...current, lighthouse: new Uint8Array(31) }] },
      { ...keyring, epochs: [current, { ...current, secret: new Uint8Array(33) }] },
      { ...keyring, slot: new Uint8Array(16) }
    ];
    for (const each of broken) expect(await bytesToKeyring(keyringToBytes(each))).toBeUndefined();
    expect(await bytesToKeyring(keyringToBytes(keyring))).toEqual(keyring);
  });
});

describe('[EP11] an open keyring', () => {
  test('says in the current epoch, and opens what was sealed in any that is held', async () => {
    const open = await openKeyring(circle.id, await enter(await enter(keyring, 1), 2));
    expect(open.current.epoch).toBe(epochNumber(2).epoch);
    expect(open.currentSecret).toEqual(epochNumber(2));
    expect(open.heldEpochs.map(({ epoch }) => epoch)).toEqual(
      [2, 1].map((n) => epochNumber(n).epoch).concat(keyring.founding)
    );
    expect(open.held(keyring.founding)?.epoch).toBe(keyring.founding);
    expect(open.secretOf(keyring.founding)).toEqual(circle.epochSecret);
    expect(open.founding).toBe(keyring.founding);
    const said = await circle.say(circle.founder);
    expect(unwrap(await openRecord(said.envelope, open.epochs)).sealedIn).toBe(keyring.founding);
  });

  test('[EP12] opens of an epoch that was tidied away what its lighthouse shows, and nothing else', async () => {
    const open = await openKeyring(circle.id, await enter(keyring, 1, { forgetOlder: true }));
    expect(open.held(keyring.founding)).toBeUndefined();
    expect(open.secretOf(keyring.founding)).toBeUndefined();
    expect(open.lighthouses).toMatchObject([{ keys: { epoch: keyring.founding }, sinceMs: noonMs, tidied: true }]);
    const said = await circle.say(circle.founder);
    expect((await openRecord(said.envelope, open.epochs)).ok).toBe(false);
    const notice = await sealAgain(noticeKeys(circle.keys.lighthouse), await circle.open(said), random);
    expect(unwrap(await openRecord(notice, open.epochs)).hash).toBe(said.hash);
  });
});

describe('[EP11] entering an epoch', () => {
  test('puts it first, and dates it and the one that is left', async () => {
    const moved = await enter(keyring, 1, { nowMs: noonMs + dayMs });
    expect(idsOf(moved)).toEqual([epochNumber(1).epoch, keyring.founding]);
    expect(moved.epochs.map(({ sinceMs }) => sinceMs)).toEqual([noonMs + dayMs, noonMs + dayMs]);
    const again = await enter(moved, 2, { nowMs: noonMs + 2 * dayMs });
    expect(again.epochs.map(({ sinceMs }) => sinceMs - noonMs)).toEqual([2 * dayMs, 2 * dayMs, dayMs]);
    expect([again.slot, again.founding]).toEqual([keyring.slot, keyring.founding]);
  });

  test('goes back to one that is held, which is there once', async () => {
    const there = await enter(await enter(keyring, 1), 2);
    expect(idsOf(await enter(there, 1))).toEqual([1, 2].map((n) => epochNumber(n).epoch).concat(keyring.founding));
  });

  test('an epoch has one secret', async () => {
    const moved = await enter(keyring, 1);
    const other = { ...epochNumber(1), secret: new Uint8Array(32).fill(99) };
    const entering = enteredKeyring(moved, other, { forgetOlder: false, nowMs: noonMs });
    await expect(entering).rejects.toThrow('an epoch has one secret');
  });

  test('keeps eight at most, and the slot key for ever', async () => {
    let moved = keyring;
    for (let n = 1; n <= heldEpochsMax + 2; n++) moved = await enter(moved, n);
    expect(idsOf(moved)).toEqual([10, 9, 8, 7, 6, 5, 4, 3].map((n) => epochNumber(n).epoch));
    expect([moved.founding, moved.slot]).toEqual([keyring.founding, keyring.slot]);
  });

  test('[EP12] lets go of a lighthouse after half a year, counted from when it was left', async () => {
    const years = noonMs + 900 * dayMs;
    const tidied = await enter(keyring, 1, { forgetOlder: true, nowMs: years });
    expect(idsOf(tidied)).toEqual([epochNumber(1).epoch, keyring.founding]);
    const shortly = await enter(tidied, 2, { nowMs: years + lighthouseLifetimeMs - 1 });
    expect(idsOf(shortly)).toContain(keyring.founding);
    const late = await enter(tidied, 2, { nowMs: years + lighthouseLifetimeMs });
    expect(idsOf(late)).toEqual([2, 1].map((n) => epochNumber(n).epoch));
    const whole = await enter(await enter(keyring, 1, { nowMs: years }), 2, {
      nowMs: years + 2 * lighthouseLifetimeMs
    });
    expect(idsOf(whole), 'what can still read keeps its keys').toContain(keyring.founding);
    const [lighthouse] = (await openKeyring(circle.id, tidied)).lighthouses;
    if (lighthouse === undefined) throw new Error('the founding epoch left one');
    expect([lighthouseLifetimeMs - 1, lighthouseLifetimeMs].map((ms) => isServed(lighthouse, years + ms))).toEqual([
      true,
      false
    ]);
  });
});
