/** Saying something to somebody when things are wrong: each refusal by name, and nothing said. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
  giveGesture,
  sayHelped,
  sayLetter,
  sayReply,
  answerReachOut,
  type AnswerError
} from '../../../src/lib/app/commands/answers.ts';
import { sayCheckIn } from '../../../src/lib/app/commands/check-ins.ts';
import { unsayCheckIn } from '../../../src/lib/app/commands/said-check-ins.ts';
import { OpenedRecords, toCheckIn } from '../../../src/lib/app/opened-records.ts';
import type { Shoulder } from '../../../src/lib/app/shoulder.ts';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, idToBytes, type PersonId } from '../../../src/lib/base/ids.ts';
import { unwrap, type Result } from '../../../src/lib/base/result.ts';
import type { About } from '../../../src/lib/care/answers.ts';
import type { CheckInRecord } from '../../../src/lib/care/board.ts';
import { emptyDraft } from '../../../src/lib/care/check-in.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { ContentKeys } from '../../../src/lib/store/content-keys.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { sweepFaded } from '../../../src/lib/store/fading.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { Rosters } from '../../../src/lib/store/roster-cache.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { checkInBody, FoundedCircle, friend, random, type Friend } from '../circle/friends.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

const circle = await FoundedCircle.by();
const [ana, bo, mia, jo] = await Promise.all([friend(0), friend(1), friend(2), friend(3)]);
const personOf = ({ device }: Friend): PersonId => bytesToId(idToBytes(device.id));

let device: TestDevice;
let clock: HandClock;
let app: Shoulder;

/** Ana's phone, with Bo and Mia in the circle. Jo has left, and Eve's key is no point on the curve. */
beforeEach(async () => {
  clock = new HandClock();
  device = await testDevice(circle, ana, clock);
  const { database, vault, circles, author } = device;
  const opened = new OpenedRecords(device.local, new ContentKeys(database, vault));
  app = {
    ...{ database, vault, circles, author, clock, random },
    rosters: new Rosters(),
    drafts: new Drafts(database, vault),
    openedRecords: () => Promise.resolve(opened)
  } as unknown as Shoulder;
  const useless = {
    ...mia,
    secrets: { ...mia.secrets, publicKeys: { ...mia.secrets.publicKeys, agree: new Uint8Array(32) } }
  };
  await hold(
    await circle.genesis(),
    await circle.addition(ana, bo, { inviteNumber: 1 }),
    await circle.addition(ana, jo, { inviteNumber: 3 }),
    await circle.leave(jo)
  );
  // Whoever is let in states their own keys: these were signed for, and are of no use.
  await hold(await circle.addition(ana, useless, { inviteNumber: 2 }));
});

const hold = async (...records: Awaited<ReturnType<typeof circle.say>>[]): Promise<void> => {
  const rows = records.map((record) => toEnvelopeRow(device.local, record, record.envelope));
  await device.database.transaction('rw', device.database.envelopes, () => putNewer(device.database, rows));
};
const allOfAna = async (): Promise<number> =>
  (await device.database.envelopes.toArray()).filter((row) => row.device === ana.device.id).length;
/** Fails with this, and has said nothing. */
const refused = async (saying: () => Promise<Result<unknown, AnswerError>>): Promise<AnswerError | undefined> => {
  const before = await allOfAna();
  const said = await saying();
  expect(await allOfAna()).toBe(before);
  return said.ok ? undefined : said.error;
};
/** Bo's check-in, by what names it. */
const boSays = async (more: Record<string, unknown> = {}, said: { expMs?: number } = {}): Promise<About> => {
  const body = checkInBody('so so', more);
  await hold(await circle.say(bo, { body, ...said }));
  return { device: bo.device.id, id: bytesToId(body['id'] as Uint8Array) };
};

describe('what cannot be said', () => {
  test('to somebody who has left, or whose phone has no key of use', async () => {
    const [toJo, toMia] = [jo, mia].map(personOf) as [PersonId, PersonId];
    expect(await refused(() => sayLetter(app, device.local, toJo, 'dear Jo'))).toEqual({ type: 'HasLeft', name: 'Jo' });
    expect(await refused(() => sayLetter(app, device.local, toMia, 'dear Mia'))).toEqual({
      type: 'NoKeyYet',
      name: 'Mia'
    });
    const both = { ...emptyDraft, audience: { type: 'people' as const, people: [personOf(bo), toMia] } };
    expect(await sayCheckIn(app, device.local, both)).toEqual({ ok: false, error: { type: 'NoKeyYet', name: 'Mia' } });
  });

  test('about something that was taken back, has faded, or never was', async () => {
    const about = await boSays({}, { expMs: noonMs + dayMs });
    const words = { words: 'I am here', advice: false };
    expect((await sayReply(app, device.local, about, words)).ok).toBe(true);
    clock.set(noonMs + 2 * dayMs);
    expect(await refused(() => sayReply(app, device.local, about, words))).toEqual({ type: 'NoLongerThere' });
    await sweepFaded(device.database, clock.nowMs());
    expect(await refused(() => giveGesture(app, device.local, about, 'me-too'))).toEqual({ type: 'NoLongerThere' });
    const never = { ...about, id: bytesToId<About['id']>(random.bytes(16)) };
    expect(await refused(() => sayHelped(app, device.local, never))).toEqual({ type: 'NoLongerThere' });
    expect(await refused(() => answerReachOut(app, device.local, never, 'now'))).toEqual({ type: 'NoLongerThere' });
  });

  test('[AN4] as advice, where it is not open', async () => {
    const heard = await boSays({ help: 'hear-me' });
    const advice = { words: 'You should', advice: true };
    expect(await refused(() => sayReply(app, device.local, heard, advice))).toEqual({ type: 'AdviceClosed' });
    await hold(
      await circle.say(bo, {
        ...{ seq: 5, slot: 'said/open', kind: kinds.openAdvice },
        body: { about: [idToBytes(heard.device), idToBytes(heard.id)] }
      })
    );
    expect((await sayReply(app, device.local, heard, advice)).ok).toBe(true);
  });

  test('without words, or with too many', async () => {
    const about = await boSays();
    expect(await refused(() => sayReply(app, device.local, about, { words: ' \n', advice: false }))).toEqual({
      type: 'NothingToSay'
    });
    expect(await refused(() => sayLetter(app, device.local, personOf(bo), 'x'.repeat(2001)))).toEqual({
      type: 'WordsTooLong'
    });
  });
});

describe('[AN9] the next check-in', () => {
  const standing = async (): Promise<CheckInRecord[]> => {
    const rows = await device.database.envelopes.toArray();
    const own = rows.filter((row) => row.device === ana.device.id);
    return (await (await app.openedRecords(device.local)).open(own)).flatMap(toCheckIn);
  };
  const say = async (words: string, people: readonly Friend[] | null, lasting: 'next' | 'kept' = 'next') =>
    unwrap(
      await sayCheckIn(app, device.local, {
        ...emptyDraft,
        words,
        lasting,
        audience: people === null ? { type: 'circle' } : { type: 'people', people: people.map(personOf) }
      })
    );
  const words = async (): Promise<string[]> => (await standing()).map(({ body }) => body.words).toSorted();

  test('to one friend leaves what the circle sees, and the next to the circle ends both', async () => {
    await say('to all', null);
    await say('to Bo', [bo]);
    expect(await words()).toEqual(['to Bo', 'to all']);
    await say('to Bo again', [bo]);
    expect(await words()).toEqual(['to Bo again', 'to all']);
    await say('kept', [bo], 'kept');
    expect(await words()).toEqual(['kept', 'to all']);
    await say('to all again', null);
    expect(await words()).toEqual(['kept', 'to all again']);
  });

  test('is taken back in private as in the open: by its slot, and nothing else of it', async () => {
    await say('to Bo', [bo], 'kept');
    const [record] = await standing();
    unwrap(await unsayCheckIn(app, device.local, record as CheckInRecord));
    expect(await words()).toEqual([]);
  });
});
