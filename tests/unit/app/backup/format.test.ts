/** What is read from JSON: everything that a backup can say, and nothing else, whatever somebody writes into it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBackup, readBackupCircle, recordKey, isOver } from '../../../../src/lib/app/backup/format.ts';
import { fileInTar, tarOf } from '../../../../src/lib/app/backup/tar.ts';
import { unwrap } from '../../../../src/lib/base/result.ts';
import { noonMs } from '../../base/hand-clock.ts';
import { backupOf, livedPhone } from './phone.ts';

const id = 'AAAAAAAAAAAAAAAAAAAAAA';
const record = { device: id, slot: 'said/x', version: 1 };
const about = { person: id, device: id, id };
const at = '2026-03-04T12:00:00.000Z';
const everyKind = [
  {
    kind: 'checkIn',
    id,
    at,
    changed: at,
    until: at,
    to: [id],
    record,
    point: { pleasantness: -100, energy: 100 },
    feelings: ['sad'],
    words: 'w',
    help: 'hear-me',
    lasting: 'week'
  },
  { kind: 'checkIn', id, at, record, feelings: [], words: '' },
  { kind: 'gesture', id, at, record, about, gesture: 'a later one' },
  { kind: 'reply', id, at, record, about, words: 'w', advice: true },
  { kind: 'openAdvice', at, record, about },
  { kind: 'askAdvice', at, to: [id], record, about },
  { kind: 'beenThere', id, at, to: [id], record, about, words: 'w' },
  { kind: 'helped', at, to: [id], record, about },
  { kind: 'letter', id, at, to: [id], record, words: 'w' },
  { kind: 'thought', id, at, to: [id], record },
  { kind: 'reachOut', id, at, to: [id], record, words: 'w', clear: false },
  { kind: 'reachAnswer', at, to: [id], record, about: { device: id, id }, answer: 'tonight' }
];
const full = {
  format: 'shoulder-backup',
  version: 1,
  madeAt: at,
  settings: { notch: true, ownNetworkOnly: true },
  feelings: ['like wet sand'],
  circles: [
    {
      id,
      own: false,
      name: 'Us',
      you: id,
      people: [{ id, name: 'Ana', left: false }],
      relays: ['wss://relay.example/'],
      said: everyKind
    }
  ]
};
const read = (value: unknown) => readBackup(JSON.stringify(value));

test('everything there is to say is read as it was written', () => {
  expect(unwrap(read(full))).toEqual(full);
});

test('what is written is read back, from a phone that was lived with', async () => {
  const { app } = await livedPhone();
  const backup = await backupOf(app);
  expect(unwrap(read(backup))).toEqual(backup);
  for (const circle of backup.circles) expect(readBackupCircle(JSON.stringify(circle))).toEqual(circle);
});

test('fields of a later app are passed over; kinds of a later app are not', () => {
  const later = { ...full, mood: 'later', circles: full.circles.map((circle) => ({ ...circle, colour: 'blue' })) };
  expect(unwrap(read(later))).toEqual(full);
  const unknown = { ...full, circles: [{ ...full.circles[0], said: [{ kind: 'voice', at, record }] }] };
  expect(read(unknown)).toMatchObject({ ok: false, error: { type: 'Malformed', path: 'circles.0.said.0.kind' } });
});

test.each([
  ['an id of another length', { id: 'AAAA' }],
  ['an id with stray bits', { id: 'AAAAAAAAAAAAAAAAAAAAAB' }],
  ['a day that never was', { at: '2026-02-30T12:00:00.000Z' }],
  ['a time before there was any', { at: '1969-12-31T23:59:59.999Z' }],
  ['a time of another form', { at: '2026-03-04T12:00:00Z' }],
  ['a point off the field', { point: { pleasantness: 101, energy: 0 } }],
  ['half a point', { point: { pleasantness: 1 } }],
  ['words beyond any envelope', { words: 'x'.repeat(20_000) }],
  ['a slot beyond any record', { record: { ...record, slot: 'x'.repeat(65) } }],
  ['version nought', { record: { ...record, version: 0 } }],
  ['feelings without end', { feelings: Array.from({ length: 17 }, () => 'sad') }],
  ['a kind from Object', { kind: 'constructor' }]
])('refuses %s', (_, change) => {
  const circles = [{ ...full.circles[0], said: [{ ...everyKind[1], ...change }] }];
  expect(read({ ...full, circles })).toMatchObject({ ok: false, error: { type: 'Malformed' } });
});

test('whatever JSON it is given, it answers and does not throw', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(readBackup(text)).toMatchObject({ ok: false });
    })
  );
});

test('with any one part of it replaced by anything, it is read as itself or refused; prototypes stay clean', () => {
  const paths = pathsOf(full);
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), (path, value) => {
      const changed = structuredClone(full) as unknown as Record<string, unknown>;
      setAt(changed, path, value);
      const result = read(changed);
      if (result.ok) expect(unwrap(read(result.value))).toEqual(result.value);
      else expect(['NotABackup', 'NewerBackup', 'Malformed']).toContain(result.error.type);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }),
    { numRuns: 500 }
  );
  const hostile = JSON.stringify(full).replace('"feelings"', '"__proto__":{"polluted":1},"feelings"');
  expect('polluted' in (unwrap(readBackup(hostile)) as object)).toBe(false);
});

test('cut anywhere, the text is no backup', () => {
  const text = JSON.stringify(full);
  for (let end = 0; end < text.length; end += 11)
    expect(readBackup(text.slice(0, end))).toEqual({ ok: false, error: { type: 'NotABackup' } });
});

test('one record has one name, and is over at its end', () => {
  const [first, second] = unwrap(read(full)).circles[0]!.said;
  expect(recordKey(first!)).toBe(recordKey(second!));
  expect([isOver(first!, noonMs - 1), isOver(first!, noonMs), isOver(second!, Infinity)]).toEqual([false, true, false]);
});

test('the archive carries any files of any sizes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 1500 }), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      async (contents, pick) => {
        const files = contents.map((content, i) => ({
          name: `media/${i}.bin`,
          content: new Blob([new Uint8Array(content)])
        }));
        const wanted = pick % files.length;
        const found = await fileInTar(tarOf(files, noonMs).stream(), `media/${wanted}.bin`, 1500);
        expect(unwrap(found)).toEqual(new Uint8Array(contents[wanted]!));
      }
    ),
    { numRuns: 50 }
  );
});

test('an archive with a file too large for us is not taken into memory', async () => {
  const archive = tarOf([{ name: 'shoulder.json', content: new Blob([new Uint8Array(2000)]) }], noonMs);
  expect(await fileInTar(archive.stream(), 'shoulder.json', 1999)).toEqual({ ok: false, error: { type: 'TooLarge' } });
});

const pathsOf = (value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [
        ...(path.length > 0 ? [path] : []),
        ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))
      ];

const setAt = (target: Record<string, unknown>, path: readonly (string | number)[], value: unknown): void => {
  let at = target;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1) as string] = value;
};
