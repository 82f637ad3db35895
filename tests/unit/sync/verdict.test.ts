/** The verdict on one record: what is refused for ever, and what waits. */
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesToId, type DeviceId, type EpochId, type MapKey } from '../../../src/lib/base/ids.ts';
import { clockAheadMaxMs } from '../../../src/lib/base/limits.ts';
import { reduceCircle, type CircleState } from '../../../src/lib/circle/epochs.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { judge, type Verdict } from '../../../src/lib/sync/verdict.ts';
import { noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend, type Friend } from '../circle/friends.ts';
import { personOf, Story } from '../circle/story.ts';

let circle: FoundedCircle;
let ana: Friend;
let bo: Friend;
let eve: Friend;
let state: CircleState;
const noState = reduceCircle([]);

beforeAll(async () => {
  circle = await FoundedCircle.by();
  [ana, bo, eve] = (await Promise.all([0, 1, 4].map(friend))) as [Friend, Friend, Friend];
  state = reduceCircle([
    await circle.statement(await circle.genesis()),
    await circle.statement(await circle.addition(ana, bo))
  ]);
});

const verdictOn = async (
  record: SealedRecord,
  changes: { state?: CircleState; own?: DeviceId; nowMs?: number; key?: MapKey | undefined } = {}
): Promise<Verdict> => judge(await circle.open(record), { state, nowMs: noonMs, key: record.key, ...changes });

const good = { type: 'good', statement: undefined, faded: false };
const refused = (type: string) => ({ type: 'refused', refusal: { type } });
const waits = (type: string) => ({ type: 'waits', waiting: { type } });

describe('a sound record', () => {
  test('[IB9] is good, with its key or bare', async () => {
    const record = await circle.say(bo);
    expect(await verdictOn(record)).toEqual(good);
    expect(await verdictOn(record, { key: undefined })).toEqual(good);
  });

  test('[IB9] is good where a statement is, and carries what it states', async () => {
    expect(await verdictOn(await circle.leave(bo))).toMatchObject({ type: 'good', statement: { type: 'leave' } });
    expect(await verdictOn(await circle.genesis(), { state: noState })).toMatchObject({
      statement: { type: 'genesis' }
    });
  });

  test('[IB9] back-dated changes nothing: it is good, and stands in its slot by its version', async () => {
    expect(await verdictOn(await circle.say(bo, { time: { ms: 0, count: 0 } }))).toEqual(good);
  });

  test('[EN9] of a kind nobody knows yet is good', async () => {
    expect(await verdictOn(await circle.say(bo, { kind: 999, body: { later: 1 } }))).toEqual(good);
  });

  test('[AU4] of somebody who left is still theirs', async () => {
    const left = reduceCircle([
      await circle.statement(await circle.genesis()),
      await circle.statement(await circle.addition(ana, bo)),
      await circle.statement(await circle.leave(bo))
    ]);
    expect(await verdictOn(await circle.say(bo), { state: left })).toEqual(good);
  });
});

test('[FA2] what has already expired is judged like anything else, and has faded', async () => {
  const record = await circle.say(bo, { expMs: noonMs });
  expect(await verdictOn(record)).toEqual({ ...good, faded: true });
  expect(await verdictOn(record, { nowMs: noonMs - 1 })).toEqual(good);
});

describe('what can never become right is refused', () => {
  test('[IB6] a signature that is not the one of the device it claims', async () => {
    expect(await verdictOn(await circle.say(eve, { device: bo.device.id }))).toMatchObject(refused('BadSignature'));
  });

  test('[IB6] a genesis that somebody else signed in the name of its founder', async () => {
    const forged = await circle.say(eve, { ...(await circle.genesis()).payload, device: ana.device.id });
    expect(await verdictOn(forged, { state: noState })).toMatchObject(refused('BadSignature'));
  });

  test('[IB7] a place that is not its own', async () => {
    const record = await circle.say(bo);
    const key = bytesToId<MapKey>(new Uint8Array(16));
    expect(await verdictOn(record, { key })).toMatchObject(refused('WrongKey'));
  });

  test.each([
    ['[IB8] a check-in that is none', { body: { words: 5 } }, 'BadBody'],
    ['[IB8] a manifest that founds nothing', { kind: kinds.manifest, slot: 'roster/genesis', body: {} }, 'BadBody'],
    ['[IB8] a vote on nobody', { kind: kinds.vote, slot: 'roster/vote', body: {} }, 'BadBody'],
    ['[IB8] a leave in another place', { kind: kinds.leave, slot: 'roster/go', body: {} }, 'BadBody'],
    ['[IB8] [AU1] a check-in where statements stand', { slot: 'roster/now' }, 'NoAuthority'],
    ['[IB8] [AU3] a check-in where the ledger stands', { slot: 'ledger' }, 'NoAuthority']
  ])('%s', async (_, said, type) => {
    expect(await verdictOn(await circle.say(bo, said))).toMatchObject(refused(type));
  });

  test('[IB8] [ST4] an addition with a wrong proof', async () => {
    const record = await circle.addition(ana, eve, { body: { proof: new Uint8Array(64) } });
    expect(await verdictOn(record)).toMatchObject(refused('BadBody'));
  });
});

describe('what may still become right waits', () => {
  test('[IB5] a device that nobody let in yet', async () => {
    expect(await verdictOn(await circle.say(eve))).toEqual({
      type: 'waits',
      waiting: { type: 'UnknownDevice', device: eve.device.id }
    });
    expect(await verdictOn(await circle.say(bo), { state: noState })).toMatchObject(waits('UnknownDevice'));
  });

  test('[IB5] an addition by somebody who is not in', async () => {
    expect(await verdictOn(await circle.addition(eve, await friend(2)))).toMatchObject(waits('UnknownDevice'));
  });

  test('[IB5] a genesis of another circle under this one', async () => {
    const record = await circle.genesis({ author: eve, body: { ...eve.secrets.publicKeys } });
    expect(await verdictOn(record, { state: noState })).toMatchObject(waits('UnknownDevice'));
  });

  test('[IB10] what was said in an epoch that is not known here; but not seals, which may be what leads there', async () => {
    const epoch = bytesToId<EpochId>(new Uint8Array(16).fill(9));
    const said = await circle.say(bo, { epoch });
    expect(await verdictOn(said)).toEqual({
      type: 'waits',
      waiting: { type: 'UnknownEpoch', device: bo.device.id, epoch }
    });
    const seals = { kind: kinds.seals, epoch, slot: `epoch/${epoch}` };
    const body = { epoch: new Uint8Array(16).fill(9), seals: [new Uint8Array(80)] };
    expect(await verdictOn(await circle.say(bo, { ...seals, body }))).toEqual(good);
    expect(await verdictOn(await circle.say(bo, { ...seals, body: {} }))).toMatchObject(refused('BadBody'));
  });

  test('[HT3] what is dated more than a day ahead, and until when', async () => {
    const ms = noonMs + clockAheadMaxMs + 1;
    const record = await circle.say(bo, { time: { ms, count: 0 } });
    const waiting = { type: 'AheadOfTime', device: bo.device.id, untilMs: noonMs + 1 };
    expect(await verdictOn(record)).toEqual({ type: 'waits', waiting });
    expect(await verdictOn(record, { nowMs: waiting.untilMs })).toEqual(good);
  });

  test('[IB9] what is refused does not wait, however far ahead it is dated', async () => {
    const time = { ms: noonMs * 2, count: 0 };
    expect(await verdictOn(await circle.say(eve, { device: bo.device.id, time }))).toMatchObject(
      refused('BadSignature')
    );
    expect(await verdictOn(await circle.say(bo, { body: {}, time }))).toMatchObject(refused('BadBody'));
  });
});

describe('[EP17] to a device whose person left', () => {
  let own: DeviceId;
  let left: CircleState;
  beforeAll(async () => {
    own = bo.device.id;
    left = reduceCircle([
      await circle.statement(await circle.genesis()),
      await circle.statement(await circle.addition(ana, bo)),
      await circle.statement(await circle.leave(bo))
    ]);
  });

  test('what others say is nothing any more', async () => {
    const said = await circle.say(ana);
    expect(await verdictOn(said, { state: left, own })).toEqual({ type: 'unheard' });
    expect(await verdictOn(said, { state, own })).toEqual(good);
    expect(await verdictOn(said, { state: left, own: ana.device.id })).toEqual(good);
    expect(await verdictOn(await circle.say(ana, { kind: 999, body: {} }), { state: left, own })).toEqual({
      type: 'unheard'
    });
  });

  test('what is dated ahead and what has expired does not even wait or fade', async () => {
    const ahead = await circle.say(ana, { time: { ms: noonMs + 2 * clockAheadMaxMs, count: 0 } });
    expect(await verdictOn(ahead, { state: left, own })).toEqual({ type: 'unheard' });
    expect(await verdictOn(await circle.say(ana, { expMs: noonMs }), { state: left, own })).toEqual({
      type: 'unheard'
    });
  });

  test("its own person's words come in, statements, bookkeeping, and what friends take back", async () => {
    expect(await verdictOn(await circle.say(bo), { state: left, own })).toEqual(good);
    expect(await verdictOn(await circle.addition(ana, eve), { state: left, own })).toMatchObject({ type: 'good' });
    const ledger = { kind: kinds.ledger, slot: 'ledger', seq: 0, body: { ranges: [], hash: new Uint8Array(32) } };
    expect(await verdictOn(await circle.say(ana, ledger), { state: left, own })).toEqual(good);
    expect(
      await verdictOn(await circle.say(ana, { kind: kinds.gone, ver: 2, body: {} }), { state: left, own })
    ).toEqual(good);
  });

  test('what is false is refused as ever', async () => {
    const forged = await circle.say(eve, { device: ana.device.id });
    expect(await verdictOn(forged, { state: left, own })).toMatchObject(refused('BadSignature'));
  });
});

describe('[EP14] an addition by a device that is out', () => {
  /** Bo came with a phone, took a tablet in, and took the phone off with it. */
  let tablet: Friend;
  let story: Story;
  let listing: EpochId;
  beforeAll(async () => {
    tablet = await friend(10);
    story = await Story.of(bo);
    await story.addDevice(bo, tablet);
    await story.takeOff(tablet, bo);
    listing = (await story.begin(ana)).id;
  });

  /** As for somebody who came in by that epoch, and was not handed what let the tablet in. */
  const lacking = (trusted?: EpochId): CircleState =>
    reduceCircle(
      story.statements.filter(({ type }) => type !== 'add-device'),
      trusted
    );

  test('is refused', async () => {
    const late = await circle.addDevice(bo, await friend(11));
    expect(await verdictOn(late, { state: lacking(listing) })).toMatchObject(refused('IsOut'));
    expect(await verdictOn(await circle.addition(bo, eve), { state: lacking(listing) })).toMatchObject(
      refused('IsOut')
    );
  });

  test('comes in where the circle lists whom it brought: or nobody who comes later could check what they say', async () => {
    const addition = await circle.addDevice(bo, tablet);
    const state = lacking(listing);
    expect(state.roster.devicesById.get(bo.device.id)?.out).toBe(true);
    expect(await verdictOn(addition, { state })).toMatchObject({ type: 'good', statement: { type: 'add-device' } });
  });

  test('comes in where an epoch lists them that somebody began who is in, though the circle went another way', async () => {
    const other = story.branch();
    const people = [
      { id: personOf(ana), devices: [ana.device.id] },
      { id: personOf(bo), devices: [] }
    ];
    const terms = { parent: circle.keys.epoch, why: 'changed', people, removed: [], dropped: [bo.device.id] } as const;
    const trusted = await other.stateManifest(ana, { ...terms, commit: new Uint8Array(16) });
    const state = reduceCircle(
      other.statements.filter(({ type }) => type !== 'add-device'),
      trusted.id
    );
    expect(state.head?.id).toBe(trusted.id);
    expect(await verdictOn(await circle.addDevice(bo, tablet), { state })).toMatchObject({ type: 'good' });
  });

  test('[RO4] comes in where its author left by their own word, with all they said: this lets go of words only', async () => {
    const left = await Story.of(bo);
    await left.leave(bo, 'go');
    const state = left.state();
    expect(await verdictOn(await circle.say(bo), { state })).toMatchObject(refused('IsOut'));
    expect(await verdictOn(await circle.addDevice(bo, tablet), { state })).toMatchObject({ type: 'good' });
  });

  test('is refused where its author left and was removed then', async () => {
    const mia = await friend(2);
    const removed = await Story.of(bo, mia);
    await removed.leave(bo, 'go');
    for (const each of [ana, mia]) await removed.vote(each, bo);
    await removed.begin(ana);
    const state = removed.state();
    expect(await verdictOn(await circle.addDevice(bo, tablet), { state })).toMatchObject(refused('IsOut'));
  });
});
