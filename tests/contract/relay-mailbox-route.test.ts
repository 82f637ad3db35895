/** One circle's mail on one relay that would not: what it is asked, how often, and that all of it is there in the end. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bytesToBase64Url } from '../../src/lib/base/bytes.ts';
import type { DeviceId, MapKey, RecordHash } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../../src/lib/store/database.ts';
import { relaysKeeping } from '../../src/lib/store/kept-mail.ts';
import { oweMail } from '../../src/lib/store/mail.ts';
import { MailRoute } from '../../src/lib/sync/mail-route.ts';
import { openMail } from '../../src/lib/sync/mail-event.ts';
import type { SignedEvent } from '../../src/lib/sync/nostr-key.ts';
import { memoryDatabase } from '../unit/store/memory-database.ts';
import { createScriptedMailbox, idOf, type Frame, type ScriptedMailbox } from './scripted-mailbox.ts';

const mailKind = 1059;
const [second, minute] = [1000, 60_000];

/** An envelope that this device said. */
const said = (name: string, at = 1): EnvelopeRow => ({
  circle: 1,
  key: name as MapKey,
  bytes: systemRandom.bytes(300),
  hash: `hash of ${name}` as RecordHash,
  kind: 32,
  device: 'ana' as DeviceId,
  at,
  ver: 1,
  seq: 1
});
const named = (count: number): EnvelopeRow[] => Array.from({ length: count }, (_, i) => said(`${1000 + i}`, i));

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('mail on a relay that would not', () => {
  let at: ScriptedMailbox;
  let database: ShoulderDatabase;
  let route: MailRoute;
  /** What the relay keeps: it answers with all of it, whatever it is asked. */
  let kept: SignedEvent[];
  let refusal: (event: SignedEvent) => string | undefined;

  const isMail = (event: unknown): event is SignedEvent => (event as SignedEvent).kind === mailKind;
  const offered = (): number => at.eventsSaid().filter(isMail).length;

  const answer = ([verb, subject, filter]: Frame): readonly Frame[] | undefined => {
    if (verb === 'EVENT' && isMail(subject)) {
      const reason = refusal(subject);
      if (reason === undefined) kept.push(subject);
      return [['OK', idOf(subject), reason === undefined, reason ?? '']];
    }
    if (verb !== 'REQ') return undefined;
    const { ids, until = Infinity } = filter as { ids?: string[]; until?: number };
    const found = kept.filter(({ id, created_at }) => created_at <= until && (ids?.includes(id) ?? true));
    return [...found.map((event) => ['EVENT', subject, event]), ['EOSE', subject]];
  };

  /** Lets time go by, a second at a time, with what it brings; but for pauses the relay asked for, all of that. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += second) {
      at.clock.advance(second);
      await Promise.race([route.idle(), turns(200)]);
      await roundTrip();
      await roundTrip();
    }
  };

  /** Ends when what was on its way to the relay, or from it, has come. */
  const roundTrip = async (): Promise<void> => {
    const socket = at.sockets.at(-1);
    if (socket?.readyState !== WebSocket.OPEN) return turns(10);
    const heard = new AbortController();
    socket.ping();
    await Promise.race(['pong', 'close'].map((event) => once(socket, event, { signal: heard.signal })));
    heard.abort();
  };

  /** Lets time go by until it is so. */
  const passUntil = (isSo: () => boolean | Promise<boolean>): Promise<void> =>
    vi.waitFor(
      async () => {
        at.clock.advance(second);
        expect(await isSo()).toBe(true);
      },
      { timeout: 20_000, interval: 5 }
    );

  const owe = async (rows: readonly EnvelopeRow[]): Promise<void> => {
    await database.envelopes.bulkPut([...rows]);
    await oweMail(
      database,
      1,
      [route.relay],
      rows.map(({ key }) => key)
    );
    route.due();
  };
  const dueCount = (): Promise<number> => database.mail.filter(({ due }) => due === 1).count();

  const startRoute = async ({ refillsAtOnce } = { refillsAtOnce: false }): Promise<void> => {
    let isOpen = false;
    route = new MailRoute(
      {
        database,
        clock: at.clock,
        random: systemRandom,
        receive: () => Promise.resolve(true),
        carried: () => Promise.resolve(() => true),
        ownDevice: 'ana' as DeviceId,
        refillsAtOnce,
        onStatus: ({ type }) => (isOpen = type === 'Open')
      },
      1,
      at.mailbox
    );
    route.start();
    await vi.waitFor(() => expect(isOpen).toBe(true));
    await route.idle();
  };

  beforeEach(async () => {
    at = await createScriptedMailbox();
    database = memoryDatabase();
    kept = [];
    refusal = () => undefined;
    at.answer = answer;
    await startRoute();
    // What the first reading brings to be put back: nothing yet.
    await passUntil(async () => (await database.mailboxes.get([1, route.relay]))?.refillDue === false);
  });

  afterEach(async () => {
    await route.stop();
    at.close();
  });

  test.each([
    ['refused', 'blocked: nothing today', 12],
    ['asked to slow down', 'rate-limited: not so fast', 20],
    ['too large, it says', 'invalid: event too large', 12]
  ])(
    '[MR7] %s, it is offered a few times a minute, ever more seldom, and taken once it may',
    async (_, reason, most) => {
      refusal = () => reason;
      const row = said('one');
      await owe([row]);
      await passUntil(() => offered() > 0);
      await pass(minute);
      const inFirst = offered();
      expect(inFirst).toBeGreaterThanOrEqual(2);
      expect(inFirst).toBeLessThanOrEqual(most);
      await pass(5 * minute);
      expect(offered() - inFirst).toBeLessThanOrEqual(2 * most);
      await passUntil(() => offered() >= 3);
      expect(await relaysKeeping(database, 1, row)).toEqual([]);
      expect(await dueCount()).toBe(1);
      refusal = () => undefined;
      await passUntil(async () => (await dueCount()) === 0);
      expect(await relaysKeeping(database, 1, row)).toEqual([route.relay]);
      expect(kept).toHaveLength(1);
    }
  );

  test('[MR7] many that are refused are not all offered again and again', async () => {
    refusal = () => 'blocked: nothing today';
    await owe(named(60));
    await pass(minute);
    expect(offered()).toBeLessThanOrEqual(60 + 8 * 8);
    await passUntil(() => offered() > 60);
    refusal = () => undefined;
    await passUntil(async () => (await dueCount()) === 0);
    expect(kept).toHaveLength(60);
  });

  test('[MR7] what somebody says is tried at once, also while others wait', async () => {
    refusal = () => 'blocked: nothing today';
    await owe([said('one')]);
    await pass(5 * minute);
    refusal = () => undefined;
    await owe([said('two')]);
    await route.idle();
    expect(await dueCount()).toBe(0);
  });

  test('[MR7] one letter that is never taken holds up no other', async () => {
    const rows = named(30);
    const opened = async (event: SignedEvent): Promise<string> => {
      const { id, created_at, content } = event;
      const mail = await openMail(at.keys, { eventId: id, createdS: created_at, content });
      return mail.ok ? bytesToBase64Url(mail.value.envelopes[0] ?? new Uint8Array(0)) : '';
    };
    // The first ten are larger than this relay likes.
    rows.slice(0, 10).forEach((row) => (row.bytes = systemRandom.bytes(3000)));
    refusal = ({ content }) => (content.length > 3000 ? 'blocked: I do not like it' : undefined);
    await owe(rows);
    await passUntil(async () => (await dueCount()) === 10);
    const arrived = await Promise.all(kept.map(opened));
    expect(arrived.toSorted()).toEqual(
      rows
        .slice(10)
        .map(({ bytes }) => bytesToBase64Url(bytes))
        .toSorted()
    );
    refusal = () => undefined;
    await passUntil(async () => (await dueCount()) === 0);
  });

  test('[MR1] more than a hundred go packed', async () => {
    await owe(named(150));
    await route.idle();
    expect(await dueCount()).toBe(0);
    expect(kept.length).toBeLessThan(60);
  });

  test('[MR4] what was lost is put back once, and tried again where it is refused', async () => {
    await owe(named(20));
    await route.idle();
    expect(kept).toHaveLength(20);
    kept = [];
    refusal = () => 'blocked: not yet';
    at.sockets.at(-1)?.terminate();
    await passUntil(() => offered() > 22);
    expect(await relaysKeeping(database, 1, said('1000'))).toEqual([]);
    refusal = () => undefined;
    await passUntil(async () => (await database.mailboxes.get([1, route.relay]))?.refillDue === false);
    const packed = kept.length;
    expect(packed).toBeLessThan(5);
    expect(await relaysKeeping(database, 1, said('1000'))).toEqual([route.relay]);
    // It is all there: another opening finds nothing missing.
    at.sockets.at(-1)?.terminate();
    await passUntil(() => at.sockets.length === 3);
    await pass(minute);
    expect(kept).toHaveLength(packed);
  });

  test('[MR4] what was said since it was read is not put back besides', async () => {
    kept = [];
    await owe(named(5));
    await route.idle();
    kept = [];
    at.sockets.at(-1)?.terminate();
    // It reads, finds that all is gone, and before it puts that back something new is said.
    await passUntil(async () => (await database.mailboxes.get([1, route.relay]))?.refillDue === true);
    await owe([said('new')]);
    await route.idle();
    await passUntil(async () => (await database.mailboxes.get([1, route.relay]))?.refillDue === false);
    const opened = await Promise.all(
      kept.map(({ id, created_at, content }) => openMail(at.keys, { eventId: id, createdS: created_at, content }))
    );
    expect(opened.map((mail) => (mail.ok ? mail.value.envelopes.length : 0)).toSorted()).toEqual([1, 5]);
  });

  test("[MR4] in one's own circle what is there is left at once, where it never was", async () => {
    await route.stop();
    at.close();
    at = await createScriptedMailbox();
    at.answer = answer;
    await database.mailboxes.clear();
    await database.envelopes.bulkPut(named(5));
    await startRoute({ refillsAtOnce: true });
    // No time has passed.
    expect(kept).toHaveLength(1);
    expect(await relaysKeeping(database, 1, said('1000'))).toEqual([route.relay]);
  });

  test('[MR7] a reading that was refused is tried again', async () => {
    let isReadable = false;
    at.answer = (frame) => {
      const [verb, subject, filter] = frame;
      const isReading = verb === 'REQ' && (filter as { limit?: number }).limit === 500;
      return isReading && !isReadable ? [['CLOSED', subject, 'error: the disk is away']] : answer(frame);
    };
    at.sockets.at(-1)?.terminate();
    const asked = () =>
      at.framesOf('REQ').filter(([, , filter]) => (filter as { limit?: number }).limit === 500).length;
    const before = asked();
    await passUntil(() => asked() >= before + 2);
    isReadable = true;
    await owe([said('one')]);
    const from = asked();
    await passUntil(() => asked() > from);
    await pass(minute);
    const after = asked();
    await pass(5 * minute);
    expect(asked()).toBe(after);
  });
});
