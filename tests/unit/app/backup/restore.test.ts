/** Making a backup and bringing it back: to a new phone, into a full one, and twice. */
import { describe, expect, test } from 'vitest';
import { OwnFeelings } from '../../../../src/lib/app/own-feelings.ts';
import { ownCircle } from '../../../../src/lib/app/commands/circles.ts';
import { readRestored, sweepRestored } from '../../../../src/lib/app/backup/restored-circles.ts';
import { dayMs } from '../../../../src/lib/base/clock.ts';
import { unwrap } from '../../../../src/lib/base/result.ts';
import { kinds } from '../../../../src/lib/records/kinds.ts';
import { readCheckInBody } from '../../../../src/lib/records/bodies.ts';
import { openRecord } from '../../../../src/lib/records/opened-record.ts';
import { toEnvelopeRow } from '../../../../src/lib/store/envelopes.ts';
import { newestRow } from '../../../../src/lib/store/newest-rows.ts';
import { HandClock, noonMs } from '../../base/hand-clock.ts';
import {
  ana,
  backupOf,
  bo,
  circle,
  journal,
  mia,
  newId,
  joinAsAna,
  livedPhone,
  personOf,
  phone,
  restoreTo,
  rowsOn,
  wordsOn
} from './phone.ts';

const daysLater = () => new HandClock(noonMs + 3 * dayMs);

describe('what a backup holds', () => {
  test('all of one’s own words, who and where, and nothing of anybody else’s', async () => {
    const { app } = await livedPhone();
    const backup = await backupOf(app);
    const text = JSON.stringify(backup);
    for (const words of [
      'The first page.',
      'Until the next one.',
      'Gone in a week.',
      'Said to the table.',
      'A letter to Bo.'
    ])
      expect(text).toContain(words);
    for (const other of ['Words of Bo.', 'A reply of Bo.', 'a draft']) expect(text).not.toContain(other);
    const table = backup.circles.find(({ own }) => !own);
    expect(table).toMatchObject({ id: circle.id, name: 'Us', you: personOf(ana) });
    expect(table?.people.map(({ name }) => name)).toEqual(['Ana', 'Bo', 'Mia']);
    expect(table?.said.map(({ kind }) => kind).sort()).toEqual(['checkIn', 'gesture', 'letter']);
    expect(table?.said.find(({ kind }) => kind === 'letter')).toMatchObject({
      to: [personOf(bo)],
      words: 'A letter to Bo.'
    });
    expect(backup).toMatchObject({ settings: { notch: false, ownNetworkOnly: false }, feelings: ['like wet sand'] });
  });

  test('no key of any kind', async () => {
    const { app } = await livedPhone();
    const text = JSON.stringify(await backupOf(app));
    for (const local of await app.circles.all()) {
      expect(text).not.toContain(Buffer.from(local.keyring.currentSecret.secret).toString('base64url'));
    }
    for (const secret of [ana.secrets.sign, ana.secrets.agree])
      expect(text).not.toContain(Buffer.from(secret.slice(-32)).toString('base64url'));
  });

  test('an empty phone makes an empty one, and what was stopped makes none', async () => {
    const app = await phone();
    expect((await backupOf(app)).circles).toEqual([]);
    expect(await rowsOn(app)).toEqual(await rowsOn(await phone(undefined, app.database)));
  });
});

describe('on a new phone', () => {
  test('the journal is said again with its dates, the circle is kept readable, the settings come along', async () => {
    const { app: old } = await livedPhone();
    const backup = await backupOf(old);
    const app = await phone(daysLater());
    const restored = unwrap(await restoreTo(app, backup));
    expect(restored).toEqual({ circles: [{ id: circle.id, name: 'Us' }], changed: true });
    const before = (await wordsOn(old)).map((words) => words.replace(/^circle/, 'restored')).sort();
    expect(await wordsOn(app)).toEqual(before);
    expect((await app.circles.all()).map(({ keyring }) => keyring.own)).toEqual([true]);
    expect((await readRestored(app)).get(circle.id)?.people.map(({ name }) => name)).toEqual(['Ana', 'Bo', 'Mia']);
    expect(await new OwnFeelings(app.drafts).read()).toEqual(['like wet sand']);
    expect(await app.database.settings.get('notch-off')).toBeDefined();
    expect(await backupOf(app)).toMatchObject({ settings: backup.settings, feelings: backup.feelings });
  });

  test('dates are the first ones, also where the index looks, and the next thing said is dated now', async () => {
    const { app: old } = await livedPhone();
    const app = await phone(daysLater());
    const own = unwrap(await ownCircle(app));
    await journal(app, 'Said on the new phone.');
    unwrap(await restoreTo(app, await backupOf(old)));
    const newest = await newestRow(app.database, own.n, kinds.checkIn, own.keyring.device.id);
    expect(newest?.at).toBe(noonMs + 3 * dayMs);
    const rows = await app.database.envelopes
      .where('[circle+device+seq]')
      .between([own.n, own.keyring.device.id, 1], [own.n, own.keyring.device.id, Infinity])
      .toArray();
    const first = unwrap(await openRecord(rows[2]!.bytes, own.keyring.epochs));
    expect(first.payload.time).toEqual({ ms: noonMs, count: 0 });
    expect(readCheckInBody(first.payload.body)).toMatchObject({
      words: 'The first page.',
      said: noonMs,
      lasting: 'kept'
    });
    await journal(app, 'And the next.');
    expect((await newestRow(app.database, own.n, kinds.checkIn, own.keyring.device.id))?.at).toBe(noonMs + 3 * dayMs);
  });

  test('what has faded meanwhile does not come back, and what fades later leaves the disk', async () => {
    const { app: old, local } = await livedPhone();
    await old.author.say(local, {
      kind: kinds.reply,
      slot: 'said/short',
      body: {
        id: new Uint8Array(16),
        about: [new Uint8Array(16), new Uint8Array(16)],
        words: 'Not for long.',
        advice: false
      },
      expMs: noonMs + 5 * dayMs
    });
    const backup = await backupOf(old);
    const later = await phone(new HandClock(noonMs + 20 * dayMs));
    unwrap(await restoreTo(later, backup));
    expect(JSON.stringify(await wordsOn(later))).not.toMatch(/Gone in a week|Not for long/);

    const app = await phone(daysLater());
    unwrap(await restoreTo(app, backup));
    expect(JSON.stringify(await wordsOn(app))).toMatch(/Not for long/);
    const before = (await app.database.restored.toArray())[0]!;
    app.clock.set(noonMs + 6 * dayMs);
    expect(JSON.stringify(await wordsOn(app))).not.toMatch(/Not for long/);
    await sweepRestored(app);
    const after = (await app.database.restored.toArray())[0]!;
    expect(after.sealed.length).toBeLessThan(before.sealed.length);
    expect(after.exp).toBeUndefined();
  });

  test('its own backup brings all of it to a third phone', async () => {
    const { app: old } = await livedPhone();
    const second = await phone(daysLater());
    unwrap(await restoreTo(second, await backupOf(old)));
    const third = await phone(daysLater());
    unwrap(await restoreTo(third, await backupOf(second)));
    expect(await wordsOn(third)).toEqual(await wordsOn(second));
    // And the first backup adds nothing to it: ids and slots are the same.
    expect(unwrap(await restoreTo(third, await backupOf(old))).changed).toBe(false);
  });
});

describe('where something is', () => {
  test('twice changes nothing at all', async () => {
    const { app: old } = await livedPhone();
    const backup = await backupOf(old);
    const app = await phone(daysLater());
    unwrap(await restoreTo(app, backup));
    const before = await rowsOn(app);
    expect(unwrap(await restoreTo(app, backup))).toEqual({ circles: [{ id: circle.id, name: 'Us' }], changed: false });
    expect(await rowsOn(app)).toEqual(before);
  });

  test('on the phone it was made on it changes nothing', async () => {
    const { app } = await livedPhone();
    const backup = await backupOf(app);
    const before = await rowsOn(app);
    expect(unwrap(await restoreTo(app, backup))).toEqual({ circles: [], changed: false });
    expect(await rowsOn(app)).toEqual(before);
  });

  test('nothing that is there is changed: settings, words, circles', async () => {
    const { app: old } = await livedPhone();
    const app = await phone(daysLater());
    await journal(app, 'Mine, here.', { slot: 'now', lasting: 'next' });
    await new OwnFeelings(app.drafts).remember('saudade');
    const before = (await rowsOn(app)) as Record<string, unknown[]>;
    unwrap(await restoreTo(app, await backupOf(old)));
    const after = (await rowsOn(app)) as Record<string, unknown[]>;
    for (const row of before.envelopes ?? []) expect(after.envelopes).toContainEqual(row);
    expect(after.settings).toEqual(before.settings);
    expect(await new OwnFeelings(app.drafts).read()).toEqual(['saudade', 'like wet sand']);
    expect(JSON.stringify(await wordsOn(app))).toContain('Mine, here.');
  });

  test('what was taken back after the backup stays taken back', async () => {
    const { app, local } = await livedPhone();
    const own = unwrap(await ownCircle(app));
    const { slot } = await journal(app, 'Better not.');
    const backup = await backupOf(app);
    const gone = { kind: kinds.gone, body: {}, expMs: null };
    unwrap(await app.author.say(own, { ...gone, slot }));
    unwrap(await app.author.say(local, { ...gone, slot: 'now' }));
    expect(unwrap(await restoreTo(app, backup)).changed).toBe(false);

    // And on a phone where it was restored first.
    const second = await phone(daysLater());
    unwrap(await restoreTo(second, backup));
    const again = unwrap(await ownCircle(second));
    for (const entry of backup.circles.flatMap(({ own, said }) => (own ? said : [])))
      if ('id' in entry) unwrap(await second.author.say(again, { ...gone, slot: `said/${entry.id}` }));
    expect(unwrap(await restoreTo(second, backup)).changed).toBe(false);
    expect((await wordsOn(second)).filter((words) => words.startsWith('own'))).toEqual([]);
  });

  test('of a circle one is in, only what is missing is kept readable', async () => {
    const { app: old } = await livedPhone();
    const backup = await backupOf(old);
    const app = await phone(daysLater());
    await joinAsAna(app);
    unwrap(await restoreTo(app, backup));
    expect((await wordsOn(app)).filter((words) => words.startsWith('restored'))).toHaveLength(3);
  });

  test('of a device one lost: what the circle still has is kept, what it took back is not', async () => {
    const { app: old } = await livedPhone();
    const backup = await backupOf(old);
    // As if Mia's device had been this person's, which the circle cannot know.
    const entry = { kind: 'checkIn' as const, at: backup.madeAt, feelings: [], words: '' };
    const lost = (slot: string, words: string) => ({
      ...entry,
      ...{ id: newId(), words, record: { device: mia.device.id, slot, version: 1 } }
    });
    const table = backup.circles.find(({ own }) => !own);
    table?.said.push(lost('now', 'Still there.'), lost('said/gone', 'Taken back.'));
    const app = await phone(daysLater());
    const local = await joinAsAna(app);
    const records = [
      await circle.say(mia),
      await circle.say(mia, { slot: 'said/gone', kind: kinds.gone, body: {}, seq: 2 })
    ];
    await app.database.envelopes.bulkPut(records.map((record) => toEnvelopeRow(local, record, record.envelope)));
    unwrap(await restoreTo(app, backup));
    const text = JSON.stringify(await wordsOn(app));
    expect(text).toContain('Still there.');
    expect(text).not.toContain('Taken back.');
  });

  test('of two backups of one thing the later version stands, in either order', async () => {
    const { app: old, local } = await livedPhone();
    const early = await backupOf(old);
    unwrap(
      await old.author.say(local, {
        kind: kinds.reply,
        slot: 'said/new',
        body: {
          id: new Uint8Array(16),
          about: [new Uint8Array(16), new Uint8Array(16)],
          words: 'One more.',
          advice: false
        },
        expMs: null
      })
    );
    const late = await backupOf(old);
    const [one, two] = [await phone(daysLater()), await phone(daysLater())];
    for (const backup of [early, late]) unwrap(await restoreTo(one, backup));
    for (const backup of [late, early]) unwrap(await restoreTo(two, backup));
    expect(await wordsOn(one)).toEqual(await wordsOn(two));
    expect(JSON.stringify(await wordsOn(one))).toContain('One more.');
  });
});
