/** Let in by mail alone: nobody here ever hears anybody live. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../../src/lib/base/clock.ts';
import { inviteLifetimeMs } from '../../../src/lib/base/limits.ts';
import { makeAsk, type Ask } from '../../../src/lib/circle/joining.ts';
import type { MailPost } from '../../contract/in-process-carrier.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { friend } from '../circle/friends.ts';
import {
  countIn,
  createPlace,
  eventually,
  leaveAsStranger,
  lettersIn,
  Member,
  Newcomer,
  standsIn,
  type Place
} from './door.ts';

let place: Place;
let one: MailPost;
let two: MailPost;
let ana: Member;
let mia: Newcomer;

beforeEach(async () => {
  place = await createPlace();
  [one, two] = place.posts as [MailPost, MailPost];
  ana = await Member.on(place, await friend(0));
  mia = await Newcomer.on(place, 'Mia');
});

afterEach(() => place.people.forEach((person) => person.sleep()));

/** Ana wakes, is asked, says yes, and goes once the welcome is left on both relays. */
const saysYesAndGoes = async (member: Member, ask: Ask): Promise<void> => {
  member.wake();
  await member.hears(ask);
  await member.saysYes(ask);
  for (const post of place.posts) await standsIn(post, place, 'welcome', ask.id);
  member.sleep();
};

describe('never online together', () => {
  test('[IN11] asked, answered and in: one letter each way and relay, however often anybody looks', async () => {
    await mia.asksAndGoes();
    expect((await mia.row()).left).toBe(true);
    await mia.asksAndGoes();
    await saysYesAndGoes(ana, mia.ask);
    ana.wake();
    await mia.wake();
    await mia.is('in');
    ana.sleep();
    for (const post of place.posts)
      expect((await lettersIn(post, place)).map((letter) => letter?.type)).toEqual(['welcome', 'ask']);
  });

  test('[IN5] any member keeps the door: Ana made the link, Bo says yes', async () => {
    const bo = await Member.on(place, await friend(1));
    await mia.asksAndGoes();
    await saysYesAndGoes(bo, mia.ask);
    await mia.wake();
    await mia.is('in');
  });

  test('[IN7] a no is told to whoever asked, and to the other members, who are not asked again', async () => {
    const bo = await Member.on(place, await friend(1));
    await mia.asksAndGoes();
    ana.wake();
    await ana.hears(mia.ask);
    await ana.saysNo(mia.ask);
    for (const post of place.posts) await standsIn(post, place, 'closed', mia.ask.id);
    ana.sleep();
    two.setUp(false);
    bo.wake();
    await eventually(async () => expect(await bo.asks()).toMatchObject([{ id: mia.ask.id, state: 'refused' }]));
    bo.sleep();
    await mia.wake();
    await mia.is('refused');
  });

  test('[IN7] a second asker on a link that is used is told so', async () => {
    const eve = await Newcomer.on(place, 'Eve');
    await mia.asksAndGoes();
    await saysYesAndGoes(ana, mia.ask);
    await eve.asksAndGoes();
    ana.wake();
    for (const post of place.posts) await standsIn(post, place, 'closed', eve.ask.id);
    ana.sleep();
    await eve.wake();
    await eve.is('used');
    await mia.wake();
    await mia.is('in');
  });
});

describe('what relays do', () => {
  test('[IN11] one relay is enough, whichever each of them finds', async () => {
    one.setUp(false);
    await mia.wake();
    await standsIn(two, place, 'ask', mia.ask.id);
    mia.sleep();
    ana.wake();
    await ana.hears(mia.ask);
    await ana.saysYes(mia.ask);
    await standsIn(two, place, 'welcome', mia.ask.id);
    // The other one comes back: what has been said by now is left there too.
    one.setUp(true);
    await standsIn(one, place, 'welcome', mia.ask.id);
    ana.sleep();
    two.setUp(false);
    await mia.wake();
    await mia.is('in');
  });

  test('[IN11] what a relay lost is left there again, by each side when it is back', async () => {
    await mia.asksAndGoes();
    await saysYesAndGoes(ana, mia.ask);
    place.posts.forEach((post) => post.empty());
    await mia.asksAndGoes();
    expect((await mia.row()).state).toBe('asking');
    ana.wake();
    for (const post of place.posts) await standsIn(post, place, 'welcome', mia.ask.id);
    ana.sleep();
    await mia.wake();
    await mia.is('in');
  });

  test('[IN11] Ana closes right after "Yes": the welcome is left when she is back', async () => {
    await mia.asksAndGoes();
    ana.wake();
    await ana.hears(mia.ask);
    ana.sleep();
    await ana.saysYes(mia.ask);
    expect(await countIn(one, place, 'welcome', mia.ask.id)).toBe(0);
    ana.wake();
    for (const post of place.posts) await standsIn(post, place, 'welcome', mia.ask.id);
  });
});

describe('when the link ends', () => {
  /** Later, while everybody sleeps. */
  const later = (byMs: number): void => place.clock.advance(byMs);

  test('[IN12] whoever was let in on the last day finds the welcome days later, and is not told that it is too late', async () => {
    await mia.asksAndGoes();
    later(inviteLifetimeMs - hourMs);
    await saysYesAndGoes(ana, mia.ask);
    later(3 * dayMs);
    await mia.wake();
    await mia.is('in');
  });

  test('[IN12] where there is no answer, it is told once one relay was looked at', async () => {
    await mia.asksAndGoes();
    later(inviteLifetimeMs);
    two.setUp(false);
    await mia.wake();
    await mia.is('expired');
  });

  test('[IN12] and not before: a newcomer who is offline that day may still be welcome', async () => {
    await mia.asksAndGoes();
    await saysYesAndGoes(ana, mia.ask);
    later(inviteLifetimeMs);
    place.posts.forEach((post) => post.setUp(false));
    await mia.wake();
    later(hourMs);
    expect((await mia.row()).state).toBe('asking');
    place.posts.forEach((post) => post.setUp(true));
    await mia.is('in');
  });

  test('[IN12] after another week nothing can lie there, and nothing is waited for', async () => {
    await mia.asksAndGoes();
    later(2 * inviteLifetimeMs);
    place.posts.forEach((post) => post.setUp(false));
    await mia.wake();
    await mia.is('expired');
    place.posts.forEach((post) => post.setUp(true));
    expect(await lettersIn(one, place)).toEqual([]);
  });

  test('[IN12] who waits while it ends looks once more', async () => {
    await mia.wake();
    for (const post of place.posts) await standsIn(post, place, 'ask', mia.ask.id);
    later(inviteLifetimeMs);
    await mia.is('expired');
  });
});

describe('a holder of the link', () => {
  const strangersAsk = async (n: number): Promise<Ask> => {
    const { device, secrets } = await friend(n);
    return makeAsk(device, {
      circle: place.circle.id,
      invite: place.keys.id,
      name: 'Mia',
      keys: secrets.publicKeys,
      nonce: seededRandom(n).bytes(16)
    });
  };

  test('[IN13] who leaves sixty asks has twenty shown, and the right one is among them if it came first', async () => {
    await mia.asksAndGoes();
    const base = await strangersAsk(3);
    const { device } = await friend(3);
    const flood = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        makeAsk(device, { ...base.terms, nonce: seededRandom(100 + n).bytes(16) }).then((ask) => ({
          type: 'ask' as const,
          ask
        }))
      )
    );
    await leaveAsStranger(one, place, flood);
    ana.wake();
    await ana.hears(mia.ask);
    await eventually(async () => expect(await ana.asks()).toHaveLength(20));
    await ana.saysYes(mia.ask);
    for (const post of place.posts) await standsIn(post, place, 'welcome', mia.ask.id);
    await eventually(async () => expect(await ana.asks()).toEqual([]));
    // Nor is a flood answered with a flood, when all of it is found on a link that is used by then.
    ana.sleep();
    one.empty();
    await leaveAsStranger(one, place, [...flood, { type: 'ask', ask: mia.ask }]);
    ana.wake();
    await standsIn(one, place, 'welcome', mia.ask.id); // she is answered last
    const closings = (await lettersIn(one, place)).filter((letter) => letter?.type === 'closed');
    expect(closings).toHaveLength(20);
  });

  test('[IN13] garbage, and asks that others proved, are passed over', async () => {
    const { ask } = mia;
    const forged = { ...ask, terms: { ...ask.terms, name: 'Mia, really' } };
    await leaveAsStranger(one, place, [new Uint8Array([1]), new Uint8Array(900), { type: 'ask', ask: forged }]);
    await mia.asksAndGoes();
    ana.wake();
    await ana.hears(ask);
    expect(await ana.asks()).toHaveLength(1);
  });

  test('[IN14] cannot make a member believe that the welcome is there already', async () => {
    await mia.asksAndGoes();
    const fake = { type: 'welcome', to: mia.ask.id, box: new Uint8Array(600) } as const;
    await leaveAsStranger(one, place, [fake, { ...fake, mark: new Uint8Array(32) }]);
    ana.wake();
    await ana.hears(mia.ask);
    await ana.saysYes(mia.ask);
    await eventually(async () => expect(await countIn(one, place, 'welcome', mia.ask.id)).toBe(3));
    ana.sleep();
    two.setUp(false);
    await mia.wake();
    await mia.is('in');
  });

  test('[IN14] cannot answer for the members: a "no" of theirs hides nobody from the circle', async () => {
    await mia.asksAndGoes();
    await leaveAsStranger(one, place, [{ type: 'closed', to: mia.ask.id, why: 'refused' }]);
    ana.wake();
    expect((await ana.hears(mia.ask)).state).toBe('open');
  });

  test('[IN9] can forge a closing, which does not count where a welcome lies beside it', async () => {
    await mia.asksAndGoes();
    two.setUp(false);
    ana.wake();
    await ana.hears(mia.ask);
    await ana.saysYes(mia.ask);
    await standsIn(one, place, 'welcome', mia.ask.id);
    ana.sleep();
    await leaveAsStranger(one, place, [{ type: 'closed', to: mia.ask.id, why: 'used' }]);
    await mia.wake();
    await mia.is('in');
  });

  test('[IN8] who copies a welcome is not in', async () => {
    const eve = await Newcomer.on(place, 'Eve');
    await mia.asksAndGoes();
    await saysYesAndGoes(ana, mia.ask);
    const welcome = (await lettersIn(one, place)).find((letter) => letter?.type === 'welcome');
    if (welcome?.type !== 'welcome') throw new Error('a welcome was left');
    await leaveAsStranger(one, place, [
      { ...welcome, to: eve.ask.id },
      { type: 'closed', to: eve.ask.id, why: 'used' }
    ]);
    await eve.wake();
    await eve.is('used');
  });
});
