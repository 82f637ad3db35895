/** What the next ack says: ledgers held in full, and never less than was said before. */
import { beforeEach, describe, expect, test } from 'vitest';
import { reduceRoster } from '../../../src/lib/circle/epochs.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { ledgerToBody, makeLedger, type Ack } from '../../../src/lib/records/ledger.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { currentAck, isSameAck, lastAck } from '../../../src/lib/sync/acks.ts';
import { HandClock } from '../base/hand-clock.ts';
import { checkInBody, FoundedCircle, friend, type Friend } from '../circle/friends.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

let circle: FoundedCircle;
let ana: Friend;
let bo: Friend;
let device: TestDevice;

beforeEach(async () => {
  circle = await FoundedCircle.by();
  [ana, bo] = (await Promise.all([0, 1].map(friend))) as [Friend, Friend];
  device = await testDevice(circle, bo, new HandClock());
});

const keep = (...records: SealedRecord[]) =>
  device.database.transaction('rw', device.database.envelopes, () =>
    putNewer(
      device.database,
      records.map((record) => toEnvelopeRow(device.local, record, record.envelope))
    )
  );
const ledgerOf = async (ver: number, records: readonly SealedRecord[]): Promise<SealedRecord> => {
  const ledger = await makeLedger(records.map(({ hash, payload }) => ({ hash, seq: payload.seq })));
  return circle.say(ana, { kind: kinds.ledger, slot: 'ledger', seq: 0, ver, body: ledgerToBody(ledger) });
};
const ackNow = async (): Promise<Ack> => {
  const statements = [await circle.genesis(), await circle.addition(ana, bo)].map((record) => circle.statement(record));
  return currentAck(device.database, device.local, reduceRoster(await Promise.all(statements)));
};
const anaAt = (ver: number): Ack => new Map([[ana.device.id, ver]]);

describe('the next ack', () => {
  test('[LA4] says nothing where nothing is held', async () => {
    expect(await ackNow()).toEqual(new Map());
    expect(await lastAck(device.database, device.local)).toEqual(new Map());
  });

  test('[LA3] [LA4] says the ledger of which everything is here', async () => {
    const said = [await circle.say(ana, { seq: 1 }), await circle.say(ana, { seq: 2, slot: 'then' })];
    await keep(await ledgerOf(2, said), ...said);
    expect(await ackNow()).toEqual(anaAt(2));
  });

  test('[LA4] not the one of which something is missing', async () => {
    const said = [await circle.say(ana, { seq: 1 }), await circle.say(ana, { seq: 2, slot: 'then' })];
    await keep(await ledgerOf(2, said), said[0] as SealedRecord);
    expect(await ackNow()).toEqual(new Map());
  });

  test('[LA4] nor one whose records are others than are here', async () => {
    const [listed, held] = [await circle.say(ana, { seq: 1 }), await circle.say(ana, { seq: 1, ver: 2 })];
    await keep(await ledgerOf(1, [listed]), held);
    expect(await ackNow()).toEqual(new Map());
  });

  test('[LA5] never goes back', async () => {
    await device.author.sayAck(device.local, anaAt(5));
    const said = await circle.say(ana, { seq: 7 });
    await keep(await ledgerOf(7, [said]));
    expect(await ackNow()).toEqual(anaAt(5));
    await keep(said);
    expect(await ackNow()).toEqual(anaAt(7));
  });

  test('[LA4] leaves out oneself', async () => {
    await device.author.say(device.local, {
      kind: kinds.checkIn,
      slot: 'now',
      body: checkInBody(),
      expMs: null
    });
    await device.author.renewLedger(device.local);
    expect(await ackNow()).toEqual(new Map());
  });

  test('is the same as the last one, or not', () => {
    expect(isSameAck(anaAt(1), anaAt(1))).toBe(true);
    expect(isSameAck(anaAt(1), anaAt(2))).toBe(false);
    expect(isSameAck(anaAt(1), new Map())).toBe(false);
    expect(isSameAck(new Map(), new Map())).toBe(true);
  });
});
