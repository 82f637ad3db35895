/** The file mail is kept in: what it adds up to, what survives, and what can not be opened. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/lib/base/result.ts';
import type { Filter } from '../../../src/relay/filter.ts';
import { defaultLimits, eventOverheadBytes, sweepRowsMax } from '../../../src/relay/limits.ts';
import type { Mail } from '../../../src/relay/mail.ts';
import { mailFile } from '../../../src/relay/mail-database.ts';
import { openMailStore, type MailStore } from '../../../src/relay/mail-store.ts';
import { startMailSweep } from '../../../src/relay/mail-sweep.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';

const nowSeconds = 1_700_000_000;
let clock: HandClock;
let folder: string;

beforeEach(() => {
  clock = createHandClock(nowSeconds * 1000);
  folder = mkdtempSync(join(tmpdir(), 'shoulder-mail-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const open = (at = folder): MailStore => unwrap(openMailStore(at, clock, defaultLimits));
const openInMemory = (): MailStore => unwrap(openMailStore(undefined, clock, defaultLimits));

/** Mail as the store is given it; it does not look into the event. */
const mailOf = (n: number, mailbox: string, lifeSeconds = 60): Mail => {
  const id = n.toString(16).padStart(64, '0');
  const event = {
    id,
    pubkey: `author ${n % 3}`,
    created_at: nowSeconds - (n % 5),
    kind: 1059,
    tags: [],
    content: '',
    sig: ''
  };
  const text = JSON.stringify({ ...event, content: 'x'.repeat(n) });
  return { event, text, mailbox, expiresAt: nowSeconds + lifeSeconds, bytes: text.length + eventOverheadBytes };
};

const filterOf = (mailbox: string): Filter => ({ valuesByTag: new Map([['p', new Set([mailbox])]]) });
const textsOf = (store: MailStore, mailbox: string) => store.find([filterOf(mailbox)]).map((row) => store.textOf(row));

test('has after a restart what it had before', () => {
  const store = open();
  for (let n = 0; n < 10; n++) expect(store.keep(mailOf(n, 'ana')).ok).toBe(true);
  const texts = textsOf(store, 'ana');
  expect(texts).toHaveLength(10);
  store.close();
  const again = open();
  expect(textsOf(again, 'ana')).toEqual(texts);
  expect(again.usage()).toMatchObject({ events: 10 });
  again.close();
});

test('adds up after any order of keeping, deleting and expiring, as a plain list does', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('keep' as const),
      n: fc.nat(30),
      mailbox: fc.constantFrom('ana', 'jo'),
      life: fc.integer({ min: 1, max: 90 })
    }),
    fc.record({
      do: fc.constant('delete' as const),
      n: fc.nat(30),
      by: fc.constantFrom('ana', 'jo', 'author 0', 'author 1')
    }),
    fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 40 }) })
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      clock = createHandClock(nowSeconds * 1000);
      const store = openInMemory();
      let plain: { mail: Mail; isDeleted: boolean }[] = [];
      for (const next of steps) {
        if (next.do === 'keep') {
          const mail = mailOf(next.n, next.mailbox, (clock.nowMs() - nowSeconds * 1000) / 1000 + next.life);
          const isKnown = plain.some((entry) => entry.mail.event.id === mail.event.id);
          expect(store.keep(mail).ok).toBe(!isKnown);
          if (!isKnown) plain.push({ mail, isDeleted: false });
        } else if (next.do === 'delete') {
          const { id } = mailOf(next.n, '').event;
          store.delete([id], next.by);
          for (const entry of plain) {
            const isTheirs = entry.mail.mailbox === next.by || entry.mail.event.pubkey === next.by;
            if (entry.mail.event.id === id && isTheirs) entry.isDeleted = true;
          }
        } else {
          clock.advance(next.seconds * 1000);
          expect(store.sweep()).toBe(plain.filter(({ mail }) => mail.expiresAt * 1000 <= clock.nowMs()).length);
          plain = plain.filter(({ mail }) => mail.expiresAt * 1000 > clock.nowMs());
        }
        const live = plain.filter(({ isDeleted }) => !isDeleted);
        const bytes = plain.reduce(
          (sum, { mail, isDeleted }) => sum + (isDeleted ? eventOverheadBytes : mail.bytes),
          0
        );
        expect(store.usage()).toMatchObject({ events: live.length, bytes });
        for (const mailbox of ['ana', 'jo']) {
          const texts = live.filter(({ mail }) => mail.mailbox === mailbox).map(({ mail }) => mail.text);
          expect(new Set(textsOf(store, mailbox))).toEqual(new Set(texts));
        }
      }
      store.close();
    }),
    { numRuns: 100 }
  );
});

test('counts nothing that has expired against a limit', () => {
  const store = openInMemory();
  const newer = mailOf(0, 'ana', 10);
  const older = mailOf(4, 'ana', 60);
  store.keep(newer);
  store.keep(older);
  const newestOf = () => store.find([{ ...filterOf('ana'), limit: 1 }]).map((row) => store.textOf(row));
  expect(newestOf()).toEqual([newer.text]);
  const [row = 0] = store.find([filterOf('ana')]);
  clock.advance(10_000);
  expect(newestOf()).toEqual([older.text]);
  expect(store.textOf(row)).toBeUndefined();
  store.close();
});

test('leaves nothing on the disk of what was deleted', () => {
  const store = open();
  const mail = mailOf(1, 'ana');
  store.keep({ ...mail, text: 'needle '.repeat(2000) });
  store.keep({ ...mailOf(2, 'ana'), text: 'other '.repeat(2000) });
  store.delete([mail.event.id], 'ana');
  store.close();
  const file = readFileSync(join(folder, mailFile), 'latin1');
  expect(file).not.toContain('needle');
  expect(file).toContain('other');
});

test('gives the disk back what has expired', () => {
  const store = open();
  for (let n = 0; n < 300; n++) store.keep({ ...mailOf(n, 'ana'), text: 'x'.repeat(20_000) });
  store.close();
  const fullBytes = statSync(join(folder, mailFile)).size;
  const again = open();
  clock.advance(61_000);
  expect(again.sweep()).toBe(300);
  again.close();
  expect(fullBytes).toBeGreaterThan(300 * 20_000);
  expect(statSync(join(folder, mailFile)).size).toBeLessThan(fullBytes / 20);
});

test('sweeps a large heap in small steps, and says once how much it was', () => {
  const store = openInMemory();
  const count = sweepRowsMax * 2 + 1;
  for (let n = 0; n < count; n++) store.keep({ ...mailOf(n, 'ana'), text: 'x' });
  clock.advance(61_000);
  const swept: number[] = [];
  const end = startMailSweep(store, clock, (events) => swept.push(events));
  expect(store.usage()).toMatchObject({ events: sweepRowsMax + 1 });
  clock.advance(0);
  expect(swept).toEqual([count]);
  end();
  expect(clock.nextMs()).toBeUndefined();
  store.close();
});

describe('says why it can not be opened:', () => {
  const failure = (at = folder) => {
    const opened = openMailStore(at, clock, defaultLimits);
    return opened.ok ? 'opened' : opened.error;
  };

  test('another one has it, and it is free when that one has closed', () => {
    const other = open();
    expect(failure()).toBe('in use');
    other.close();
    expect(failure()).toBe('opened');
  });

  test('it is no mail at all', () => {
    writeFileSync(join(folder, mailFile), 'not a database '.repeat(1000));
    expect(failure()).toBe('damaged');
  });

  test('a newer version made it', () => {
    const database = new DatabaseSync(join(folder, mailFile));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(failure()).toBe('newer');
  });

  test('its place is taken by a file, or by a folder', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(failure(join(folder, 'file'))).toBe('not open to us');
    expect(failure(join(folder, 'file', 'below'))).toBe('not open to us');
    mkdirSync(join(folder, mailFile));
    expect(failure()).toBe('not open to us');
  });
});

test("is nobody else's to look into on this machine", () => {
  const made = join(folder, 'made', 'for it');
  open(made).close();
  expect(statSync(made).mode & 0o077).toBe(0);
});
