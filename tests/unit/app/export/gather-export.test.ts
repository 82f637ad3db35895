/** A readable copy of Ana's phone: what is in it, what is not, and that years of it do not stand in memory. */
import { beforeEach, describe, expect, test } from 'vitest';
import { gatherExport } from '../../../../src/lib/app/export/gather-export.ts';
import { exportFileName } from '../../../../src/lib/app/export/export-name.ts';
import { dayMs } from '../../../../src/lib/base/clock.ts';
import { idToBytes, type DeviceId, type SaidId } from '../../../../src/lib/base/ids.ts';
import { bytesToId } from '../../../../src/lib/base/ids.ts';
import { unwrap } from '../../../../src/lib/base/result.ts';
import { aboutToBody, aboutKey } from '../../../../src/lib/records/answer-bodies.ts';
import { kinds } from '../../../../src/lib/records/kinds.ts';
import { newPrivateSlot, sealPrivate } from '../../../../src/lib/records/private.ts';
import type { LocalCircle } from '../../../../src/lib/store/circles.ts';
import { toEnvelopeRow } from '../../../../src/lib/store/envelopes.ts';
import { putNewer } from '../../../../src/lib/store/placing.ts';
import { notesOf } from '../../../../src/lib/app/side-notes.ts';
import { noonMs } from '../../base/hand-clock.ts';
import { checkInBody, random, type Friend, type Said } from '../../circle/friends.ts';
import {
  ana,
  backupOf,
  bo,
  circle,
  journal,
  livedPhone,
  mia,
  personOf,
  phone,
  restoreTo,
  type Phone
} from '../backup/phone.ts';
import { entriesOf } from './archive.ts';

const never = new AbortController().signal;
const quiet = { signal: never, onProgress: () => undefined };
const copyOf = async (app: Phone): Promise<Map<string, string>> => entriesOf(unwrap(await gatherExport(app, quiet)));

let app: Phone;
let local: LocalCircle;
beforeEach(async () => {
  ({ app, local } = await livedPhone());
});

let seq = 500;
/** Stores what somebody said, as the inbox would. */
const hear = async (author: Friend, said: Said): Promise<void> => {
  const record = await circle.say(author, { seq: ++seq, time: { ms: noonMs + 2 * dayMs, count: seq }, ...said });
  const rows = [toEnvelopeRow(local, record, record.envelope)];
  await app.database.transaction('rw', app.database.envelopes, () => putNewer(app.database, rows));
};
const hearInPrivate = async (
  author: Friend,
  readers: readonly Friend[],
  kind: number,
  body: Record<string, unknown>
) => {
  const slot = newPrivateSlot(random);
  const sealed = await sealPrivate(
    {
      ...{ circle: circle.id, device: author.device.id, slot },
      inner: { kind, to: readers.map(personOf), body },
      agreeKeys: [author, ...readers].map(({ secrets }) => secrets.publicKeys.agree)
    },
    random
  );
  await hear(author, { slot, kind: kinds.private, body: unwrap(sealed) });
};
const newId = () => random.bytes(16);
const about = (device: DeviceId, id: Uint8Array) => aboutToBody({ device, id: bytesToId<SaidId>(id) });

describe('a readable copy', () => {
  test('has a page for each circle, a table and one file for programs, with one’s own first', async () => {
    expect([...(await copyOf(app)).keys()]).toEqual([
      '1 Your own circle.md',
      '2 Us.md',
      'check-ins.csv',
      'shoulder.json'
    ]);
    expect(exportFileName(new Date(2026, 0, 2).getTime())).toBe('shoulder-2026-01-02.zip');
  });

  test('holds what everybody said in full sentences, words first', async () => {
    const page = (await copyOf(app)).get('2 Us.md') ?? '';
    expect(page).toMatch(/^# Us\n\nIn this circle: You, Bo,? and Mia\.\n/);
    expect(page).toContain('Whoever has this file can read it.');
    expect(page).toMatch(/### Bo, .*\n\n> Words of Bo\.\n/);
    expect(page).toMatch(/### You, .*\n\n> Said to the table\.\n/);
    expect(page).toMatch(/### You, .*\n\n> A letter to Bo\.\n\nA letter to Bo\n/);
    const own = (await copyOf(app)).get('1 Your own circle.md') ?? '';
    expect(own).toMatch(
      /> The first page\.\n\nsad and like wet sand · rather unpleasant, .* · What would help: be near\n/
    );
    expect(own).toMatch(/kept until/);
    expect(own).not.toContain('In this circle');
  });

  test('answers stand under what they answer, with what helped', async () => {
    const [said, reply] = [newId(), newId()];
    await hear(mia, { slot: 'x', body: checkInBody('A rough week.', { id: said }) });
    await hear(bo, {
      slot: 'a',
      kind: kinds.gesture,
      body: { id: newId(), about: about(mia.device.id, said), gesture: 'sitting-with-you' }
    });
    await hear(bo, {
      slot: 'b',
      kind: kinds.reply,
      body: { id: reply, about: about(mia.device.id, said), words: 'I am near.\nAll day.', advice: false }
    });
    await hearInPrivate(mia, [bo, ana], kinds.helped, { about: about(bo.device.id, reply) });
    const page = (await copyOf(app)).get('2 Us.md') ?? '';
    const thread = page.slice(page.indexOf('> A rough week.'));
    expect(thread).toMatch(/- Bo, .*: sitting with you\n/);
    expect(thread).toMatch(/- Bo, .*: a few words\n\n {2}> I am near\. {2}\n {2}> All day\.\n/);
    expect(thread).toMatch(/- Mia, .*: That helped\n/);
  });

  test('what the app shows nobody stays out: advice that was not asked for, and words one has not chosen to hear', async () => {
    const said = newId();
    const [heard, unheard] = [newId(), newId()];
    await hear(ana, { slot: 'mine', body: checkInBody('Hear me.', { id: said, help: 'hear-me' }) });
    await hear(bo, {
      slot: 'ad',
      kind: kinds.reply,
      body: { id: newId(), about: about(ana.device.id, said), words: 'You should rest.', advice: true }
    });
    await hearInPrivate(bo, [ana], kinds.beenThere, {
      id: heard,
      about: about(ana.device.id, said),
      words: 'Me in 2019.'
    });
    await hearInPrivate(mia, [ana], kinds.beenThere, {
      id: unheard,
      about: about(ana.device.id, said),
      words: 'Not opened yet.'
    });
    const key = aboutKey({ device: bo.device.id, id: bytesToId<SaidId>(heard) });
    await app.drafts.keep(`notes/${local.n}`, JSON.stringify({ seen: {}, heard: { [key]: 'heard' }, seconds: {} }));
    expect((await notesOf(app, local).read()).heard).toEqual({ [key]: 'heard' });
    const all = [...(await copyOf(app)).values()].join('\n');
    expect(all).toContain('Me in 2019.');
    expect(all).toContain('has been there too');
    expect(all).not.toContain('You should rest.');
    expect(all).not.toContain('Not opened yet.');
    await hear(ana, { slot: 'open', kind: kinds.openAdvice, body: { about: about(ana.device.id, said) } });
    expect([...(await copyOf(app)).values()].join('\n')).toContain('You should rest.');
  });

  test('letters to and from, and reach-outs with their answers, and nothing that is for others', async () => {
    const asked = newId();
    await hearInPrivate(bo, [ana], kinds.letter, { id: newId(), words: 'Dear Ana.' });
    await hearInPrivate(bo, [mia], kinds.letter, { id: newId(), words: 'Dear Mia, and nobody else.' });
    await hearInPrivate(bo, [ana], kinds.thought, { id: newId() });
    await hearInPrivate(bo, [ana], kinds.reachOut, { id: asked, words: 'Are you up?', clear: false });
    await hearInPrivate(ana, [bo], kinds.reachAnswer, { about: about(bo.device.id, asked), answer: 'tonight' });
    const page = (await copyOf(app)).get('2 Us.md') ?? '';
    expect(page).toMatch(/### Bo, .*\n\n> Dear Ana\.\n\nA letter to you\n/);
    expect(page).toMatch(/### Bo, .*\n\nThought of you\n/);
    expect(page).toMatch(/> Are you up\?\n\nHey, can we talk\?\n\n- You, .*: Tonight\n/);
    expect(page).not.toContain('nobody else');
  });

  test('what faded or was taken back is not in it', async () => {
    app.clock.set(noonMs + 30 * dayMs);
    const all = [...(await copyOf(app)).values()].join('\n');
    expect(all).toContain('The first page.');
    expect(all).not.toContain('Gone in a week.');
  });

  test('what a backup brought back is in it, on pages of its own', async () => {
    const backup = await backupOf(app);
    const fresh = await phone();
    unwrap(await restoreTo(fresh, backup));
    const copy = await copyOf(fresh);
    expect([...copy.keys()]).toEqual(['1 Your own circle.md', '2 Us.md', 'check-ins.csv', 'shoulder.json']);
    expect(copy.get('2 Us.md')).toMatch(/From your backup\n[^]*> Said to the table\./);
  });

  test('the file for programs is JSON, in order, with whose each thing is', async () => {
    const text = (await copyOf(app)).get('shoulder.json') ?? '';
    const { circles, ...head } = JSON.parse(text) as {
      circles: { own: boolean; name: string; you: string; said: { at: string; by: string; words?: string }[] }[];
    };
    expect(head).toMatchObject({ format: 'shoulder-export', version: 1 });
    expect(circles.map(({ own, name }) => [own, name])).toEqual([
      [true, ''],
      [false, 'Us']
    ]);
    for (const { said } of circles) expect(said.map(({ at }) => at)).toEqual(said.map(({ at }) => at).toSorted());
    expect(circles[1]?.said.find(({ words }) => words === 'Words of Bo.')?.by).toBe(personOf(bo));
    expect(circles[1]?.you).toBe(personOf(ana));
    for (const key of [idToBytes(bo.device.id), circle.epochSecret])
      expect(text).not.toContain(Buffer.from(key).toString('hex'));
  });

  test('the table has every check-in, in order', async () => {
    const lines = ((await copyOf(app)).get('check-ins.csv') ?? '').split('\r\n');
    expect(lines[0]).toBe('\uFEFFdate,circle,person,pleasantness,energy,feelings,words,help,until');
    expect(lines.filter((line) => line.includes('The first page.'))).toEqual([
      `${new Date(noonMs).toISOString()},Your own circle,You,-40,7,"sad, like wet sand",The first page.,be near,`
    ]);
    expect(lines.at(-1)).toBe('');
    expect(lines).toHaveLength(2 + 5);
  });

  test('it can be stopped, and says how far it is', async () => {
    const stopping = new AbortController();
    const steps: number[] = [];
    const stopped = await gatherExport(app, {
      signal: stopping.signal,
      onProgress: (done, total) => {
        steps.push(done / total);
        stopping.abort();
      }
    });
    expect(stopped).toEqual({ ok: false, error: { type: 'Cancelled' } });
    steps.length = 0;
    await gatherExport(app, { signal: never, onProgress: (done, total) => steps.push(done / total) });
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps.at(-1)).toBe(1);
  });

  test('a phone with nothing on it makes an archive all the same', async () => {
    const copy = await copyOf(await phone());
    expect([...copy.keys()]).toEqual(['check-ins.csv', 'shoulder.json']);
    expect(JSON.parse(copy.get('shoulder.json') ?? '')).toMatchObject({ circles: [] });
  });

  test('a day that no calendar holds breaks nothing', async () => {
    await hear(bo, {
      slot: 'far',
      time: { ms: Number.MAX_SAFE_INTEGER, count: 0 },
      body: checkInBody('From the end of time.')
    });
    expect((await copyOf(app)).get('2 Us.md')).toContain('From the end of time.');
    await journal(app, 'And on.');
    expect((await copyOf(app)).get('1 Your own circle.md')).toContain('And on.');
  });
});
