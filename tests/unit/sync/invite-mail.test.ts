/** An invitation's mail on one relay: what is read, what is left, and how much of it at most. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { base64UrlToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { secondMs } from '../../../src/lib/base/clock.ts';
import { circlePeopleMax, envelopeBytesMax, inviteLifetimeMs, nameLengthMax } from '../../../src/lib/base/limits.ts';
import { ok } from '../../../src/lib/base/result.ts';
import type { AskId, InvitationMessage } from '../../../src/lib/circle/joining.ts';
import { makeAsk, sealMessage, sealWelcome } from '../../../src/lib/circle/joining.ts';
import type { Mailbox, MailboxHandlers, MailId } from '../../../src/lib/sync/envelope-carrier.ts';
import { garbageMax, InviteMail, letterGraceMs, lettersReadMax } from '../../../src/lib/sync/invite-mail.ts';
import type { MailPost } from '../../contract/in-process-carrier.ts';
import { noonMs } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { friend } from '../circle/friends.ts';
import { countIn, createPlace, eventually, leaveAsStranger, lettersIn, type Place } from './door.ts';

let place: Place;
let post: MailPost;

beforeEach(async () => {
  place = await createPlace();
  post = place.posts[0] as MailPost;
});

const toAsk = (n: number): AskId => `ask-${n}`.padEnd(43, 'A') as AskId;
const closing = (n: number): InvitationMessage => ({ type: 'closed', to: toAsk(n), why: 'used' });

interface Side {
  readonly mail: InviteMail;
  readonly heard: InvitationMessage[];
  /** How often a reading ended. */
  readonly looked: () => number;
}

/** One side of the door, which believes every letter. */
const openSide = (mailbox: Mailbox = post.createMailbox(place.keys.id)): Side => {
  const heard: InvitationMessage[] = [];
  let lookedCount = 0;
  const mail = new InviteMail({
    ...{ keys: place.keys, circle: place.circle.id, clock: place.clock, mailboxes: [mailbox] },
    random: seededRandom(3),
    untilMs: place.invitation.untilMs,
    isGenuine: async () => true,
    onLetters: (letters) => heard.push(...letters.map(({ message }) => message)),
    onLooked: () => lookedCount++
  });
  mail.start();
  return { mail, heard, looked: () => lookedCount };
};

const count = (n: number): Promise<number> => countIn(post, place, 'closed', toAsk(n));

/** A mailbox that is this one but for some of what it does. */
const around = (inner: Mailbox, changes: Partial<Mailbox>): Mailbox => ({
  id: inner.id,
  open: (handlers) => inner.open(handlers),
  wake: () => inner.wake(),
  push: (...given) => inner.push(...given),
  pull: (...given) => inner.pull(...given),
  has: (ids) => inner.has(ids),
  remove: (ids) => inner.remove(ids),
  probe: () => inner.probe(),
  close: () => inner.close(),
  ...changes
});

const toLetter = async (message: InvitationMessage): Promise<Bytes> =>
  base64UrlToBytes(await sealMessage(place.keys, message, seededRandom(1))) as Bytes;

/** What was due before this has been done when this is there: a mailbox does one thing after another. */
const settle = async ({ mail }: Side, n: number): Promise<void> => {
  mail.want(closing(n));
  await eventually(async () => expect(await count(n)).toBe(1));
};

describe('[IN11] what is wanted stands there once', () => {
  test('however often it is wanted, and whoever left it', async () => {
    const first = openSide();
    first.mail.want(closing(1));
    first.mail.want(closing(1));
    await settle(first, 2);
    first.mail.stop();
    const second = openSide();
    second.mail.want(closing(1));
    await settle(second, 3);
    second.mail.lookAgain();
    second.mail.wake();
    await settle(second, 4);
    expect(await Promise.all([1, 2, 3, 4].map(count))).toEqual([1, 1, 1, 1]);
    second.mail.stop();
  });

  test('what this side wants is left when a relay that was away opens, and again where it lost it', async () => {
    post.setUp(false);
    const side = openSide();
    side.mail.want(closing(1));
    await eventually(() => expect(side.looked()).toBe(1));
    post.setUp(true);
    await settle(side, 2);
    expect(await count(1)).toBe(1);
    post.setUp(false);
    post.empty();
    post.setUp(true);
    await settle(side, 3);
    expect(await Promise.all([1, 2].map(count))).toEqual([1, 1]);
    post.empty();
    side.mail.lookAgain();
    await settle(side, 4);
    expect(await Promise.all([1, 2, 3].map(count))).toEqual([1, 1, 1]);
    side.mail.stop();
  });

  test('what comes in while the mailbox is open is handed up as it comes', async () => {
    const side = openSide();
    await settle(side, 1);
    await leaveAsStranger(post, place, [closing(2)]);
    place.clock.advance(secondMs);
    await eventually(() => expect(side.heard).toContainEqual(closing(2)));
    side.mail.want(closing(2));
    await settle(side, 3);
    expect(await count(2)).toBe(1);
    side.mail.stop();
  });
});

test('[IN12] letters outlive the invitation by a week, all of them by the same', async () => {
  const side = openSide();
  await settle(side, 1);
  side.mail.stop();
  expect(letterGraceMs).toBe(inviteLifetimeMs);
  place.clock.advance(place.invitation.untilMs + letterGraceMs - 1 - noonMs);
  expect(await lettersIn(post, place)).toHaveLength(1);
  place.clock.advance(1);
  expect(await lettersIn(post, place)).toEqual([]);
});

test('[IN12] a welcome through twelve people with the longest names fits a letter', async () => {
  const [ana, bo] = [await friend(0), await friend(1)];
  const name = '\u{20ac}'.repeat(nameLengthMax);
  const addition = await place.circle.addition(ana, { ...bo, name }, { body: { name } });
  const terms = { circle: place.circle.id, invite: place.keys.id, name, keys: bo.secrets.publicKeys };
  const ask = await makeAsk(bo.device, { ...terms, nonce: new Uint8Array(16) });
  const box = await sealWelcome(ask, {
    ...{ circle: place.circle.id, epoch: place.circle.keys.epoch, secret: place.circle.epochSecret, generation: 0 },
    ...{ slot: place.circle.epochSecret, founding: place.circle.keys.epoch },
    statements: Array.from({ length: circlePeopleMax }, () => addition.envelope)
  });
  const message = { type: 'welcome', to: ask.id, box: box as Bytes, mark: new Uint8Array(32) } as const;
  expect((await toLetter(message)).length).toBeLessThanOrEqual(envelopeBytesMax);
});

describe('[IN13] a flood is read so far and no further', () => {
  test(`the newest ${lettersReadMax} of a reading, oldest first; and what is wanted is left all the same`, async () => {
    await leaveAsStranger(post, place, [closing(0)]);
    await leaveAsStranger(
      post,
      place,
      Array.from({ length: lettersReadMax }, (_, n) => closing(n + 1))
    );
    const side = openSide();
    await eventually(() => expect(side.heard).toHaveLength(lettersReadMax));
    expect(side.heard[0]).toEqual(closing(1));
    expect(side.heard.at(-1)).toEqual(closing(lettersReadMax));
    await settle(side, lettersReadMax + 1);
    side.mail.stop();
  });

  test('whatever the pages are, and no page is asked for after that', async () => {
    const inner = post.createMailbox(place.keys.id);
    let pages = 0;
    async function* pull(): ReturnType<Mailbox['pull']> {
      for (let at = 0; at < 3; at++) {
        pages++;
        const envelopes = await Promise.all(Array.from({ length: 300 }, (_, n) => toLetter(closing(300 * at + n))));
        yield ok({ arrivals: envelopes.map((envelope) => ({ id: 'any' as MailId, envelope })) });
      }
    }
    const side = openSide(around(inner, { pull }));
    await eventually(() => expect(side.heard).toHaveLength(lettersReadMax));
    expect(pages).toBe(2);
    side.mail.stop();
  });

  test('what comes in by itself has the same limit, until the mailbox opens again', async () => {
    const side = openSide();
    await settle(side, 0);
    side.heard.length = 0;
    await leaveAsStranger(
      post,
      place,
      Array.from({ length: lettersReadMax + 20 }, (_, n) => closing(n + 1))
    );
    place.clock.advance(secondMs);
    await settle(side, 5000);
    expect(side.heard.length).toBeLessThanOrEqual(lettersReadMax);
    side.mail.stop();
  });

  test(`a mailbox with ${garbageMax} things in it that are no letters is given up`, async () => {
    const inner = post.createMailbox(place.keys.id);
    let handlers: MailboxHandlers | undefined;
    const close = vi.fn(() => inner.close());
    const open = (given: MailboxHandlers): void => {
      handlers = given;
      inner.open(given);
    };
    const side = openSide(around(inner, { close, open }));
    await settle(side, 1);
    const lookedBefore = side.looked();
    for (let n = 1; n < garbageMax; n++) handlers?.onRefused('NotOpened');
    expect(close).not.toHaveBeenCalled();
    handlers?.onRefused('NotOpened');
    expect(close).toHaveBeenCalledOnce();
    expect(side.looked()).toBe(lookedBefore + 1);
    side.mail.wake();
    side.mail.stop();
  });
});
