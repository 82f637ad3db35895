/** The file as a whole: age around tar around JSON. What opens it, and every way in which it may not open. */
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { ageFileBytesMax } from '../../../../src/lib/app/backup/age-file.ts';
import { openBackupFile, sealBackupFile } from '../../../../src/lib/app/backup/backup-file.ts';
import { fileInTar, tarOf } from '../../../../src/lib/app/backup/tar.ts';
import { unwrap } from '../../../../src/lib/base/result.ts';
import { noonMs } from '../../base/hand-clock.ts';
import { ageArmour, ageDecrypt, ageEncrypt, ageEncryptToKey } from './age-tool.ts';

const passphrase = 'legal winner thank year wave sausage';
const quiet = (): void => undefined;
const text = new TextEncoder();

const empty = {
  format: 'shoulder-backup',
  version: 1,
  madeAt: '2026-03-04T12:00:00.000Z',
  settings: { notch: true, ownNetworkOnly: false },
  feelings: [],
  circles: []
};
const json = JSON.stringify({ ...empty, feelings: ['like wet sand'] });
const seal = (content: string, words = passphrase): Promise<Blob> =>
  sealBackupFile(new Blob([content]), words, { madeAtMs: noonMs, onBytes: quiet, workFactor: 10 });
const open = (file: Blob, words = passphrase) => openBackupFile(file, words, quiet);
const problemOf = async (file: Blob, words = passphrase): Promise<string> => {
  const opened = await open(file, words);
  return opened.ok ? 'opened' : opened.error.type;
};
const bytesOf = async (file: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await file.arrayBuffer());
const tarred = async (content: string | Uint8Array<ArrayBuffer>, name = 'shoulder.json') =>
  bytesOf(tarOf([{ name, content: new Blob([content]) }], noonMs));

describe('a file that is whole', () => {
  test('opens with its passphrase, also with space around it or composed in another way', async () => {
    expect(unwrap(await open(await seal(json))).feelings).toEqual(['like wet sand']);
    expect(unwrap(await open(await seal(json), ` ${passphrase}\n`)).feelings).toEqual(['like wet sand']);
    expect(
      unwrap(await open(await seal(json, 'caf\u00e9 am See morgen'), 'cafe\u0301 am See morgen')).feelings
    ).toHaveLength(1);
  });

  test('is an ordinary age file with an ordinary archive in it', async () => {
    const plain = await ageDecrypt(await bytesOf(await seal(json)), passphrase);
    const found = await fileInTar(new Blob([new Uint8Array(plain)]).stream(), 'shoulder.json', 1e6);
    expect(new TextDecoder().decode(unwrap(found))).toBe(json);
    expect(plain.length % 512).toBe(0);
  });

  test('made by others opens: armoured, as typed with every space, with more in its archive', async () => {
    const spaced = ' spaces  count ';
    expect(await problemOf(new Blob([await ageEncrypt(await tarred(json), spaced)]), spaced)).toBe('opened');
    expect(await problemOf(new Blob([ageArmour(await ageEncrypt(await tarred(json), passphrase))]))).toBe('opened');
    const media = { name: 'media/one.opus', content: new Blob([new Uint8Array(70_000)]) };
    const more = await bytesOf(tarOf([media, { name: './shoulder.json', content: new Blob([json]) }, media], noonMs));
    expect(await problemOf(new Blob([await ageEncrypt(more, passphrase)]))).toBe('opened');
  });

  test('tells how far along it is, and never more than all', async () => {
    const large = JSON.stringify({ ...empty, feelings: Array.from({ length: 90 }, () => 'x'.repeat(10_000)) });
    const onBytes = vi.fn<(done: number, total: number) => void>();
    const file = await sealBackupFile(new Blob([large]), passphrase, { madeAtMs: noonMs, onBytes, workFactor: 10 });
    await openBackupFile(file, passphrase, onBytes);
    expect(onBytes.mock.calls.length).toBeGreaterThan(10);
    for (const [done, total] of onBytes.mock.calls) expect(done).toBeLessThanOrEqual(total);
  });

  test('made by version 1 opens in every later version', async () => {
    const stored = readFileSync(new URL('../../fixtures/backup-v1.age', import.meta.url));
    const backup = unwrap(await open(new Blob([stored]), 'legal winner thank year wave sausage'));
    expect(backup).toMatchObject({ version: 1, settings: { notch: false }, feelings: ['like wet sand'] });
    expect(
      backup.circles.map(({ name, own, said }) => ({ name, own, kinds: said.map(({ kind }) => kind).sort() }))
    ).toEqual([
      { name: '', own: true, kinds: ['checkIn', 'checkIn', 'checkIn'] },
      { name: 'Us', own: false, kinds: ['checkIn', 'gesture', 'letter'] }
    ]);
    expect(backup.circles[0]?.said[0]).toMatchObject({
      words: 'The first page.',
      at: '2026-03-04T12:00:00.000Z',
      point: { pleasantness: -40, energy: 7 },
      help: 'be-near'
    });
  });
});

describe('a file that is not', () => {
  test('the wrong passphrase', async () => {
    expect(await problemOf(await seal(json), 'legal winner thank year wave sauce')).toBe('WrongPassphrase');
    expect(await problemOf(await seal(json), '')).toBe('WrongPassphrase');
  });

  test('cut off anywhere', async () => {
    const large = JSON.stringify({ ...empty, feelings: Array.from({ length: 90 }, () => 'x'.repeat(3000)) });
    const file = await seal(large);
    const header = (await file.text()).indexOf('---');
    for (const end of [30, 60, header, header + 20, header + 60, header + 70, 65_000, 66_000, 131_500, file.size - 1]) {
      expect(await problemOf(file.slice(0, end)), `cut at ${end} of ${file.size}`).toBe('Damaged');
    }
    expect(await problemOf(file.slice(0, 10))).toBe('NotAge');
    expect(await problemOf(file)).toBe('opened');
  });

  test('cut off behind the part that is read, among media', async () => {
    const media = { name: 'media/one.opus', content: new Blob([new Uint8Array(200_000)]) };
    const archive = await bytesOf(tarOf([{ name: 'shoulder.json', content: new Blob([json]) }, media], noonMs));
    const file = new Blob([await ageEncrypt(archive, passphrase)]);
    expect(await problemOf(file)).toBe('opened');
    expect(await problemOf(file.slice(0, file.size - 1))).toBe('Damaged');
    expect(await problemOf(file.slice(0, 140_000))).toBe('Damaged');
  });

  test('changed in any one byte, it never opens, and never as something else', async () => {
    const file = await bytesOf(await seal(json));
    const seen = new Set<string>();
    for (let at = 0; at < file.length; at += 7) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      seen.add(await problemOf(new Blob([changed])));
    }
    expect([...seen].sort()).toEqual(
      ['Damaged', 'NewerAge', 'NotAge', 'NotByPassphrase', 'WrongPassphrase'].filter((type) => seen.has(type))
    );
    expect(seen.has('Damaged')).toBe(true);
  });

  test('more at its end than there was', async () => {
    expect(await problemOf(new Blob([await seal(json), 'more']))).toBe('Damaged');
  });

  test.each([
    ['nothing', ''],
    ['a picture', '\u0089PNG\r\n\u001a\n'],
    ['a bundle', 'Sealed words.\n#c=AQ'],
    ['a plain backup', json]
  ])('not age at all: %s', async (_, content) => {
    expect(await problemOf(new Blob([content]))).toBe('NotAge');
  });

  test('age, but of a later version', async () => {
    expect(await problemOf(new Blob(['age-encryption.org/v2\n-> scrypt a 10\n']))).toBe('NewerAge');
  });

  test('for somebody’s key instead of a passphrase', async () => {
    expect(await problemOf(new Blob([await ageEncryptToKey(await tarred(json))]))).toBe('NotByPassphrase');
  });

  test('a passphrase made so hard that no phone could try it; it is not tried', async () => {
    const file = await (await seal(json)).text();
    for (const factor of ['20', '21', '30', '99'])
      expect(await problemOf(new Blob([file.replace(/^(-> scrypt \S+) 10$/m, `$1 ${factor}`)]))).toBe('TooHeavy');
    expect(await problemOf(new Blob([file.replace(/^(-> scrypt \S+) 10$/m, '$1 010')]))).toBe('Damaged');
  });

  test('too large, told by its size alone', async () => {
    const huge = new Blob(['age-encryption.org/v1\n']);
    Object.defineProperty(huge, 'size', { value: ageFileBytesMax + 1 });
    expect(await problemOf(huge)).toBe('TooLarge');
  });

  test.each(['NotReadableError', 'NotFoundError'])('moved or changed since it was chosen: %s', async (name) => {
    const gone = await seal(json);
    const refuse = () => Promise.reject(new DOMException('the file is not as it was', name));
    gone.slice = () => Object.assign(new Blob(), { text: refuse, arrayBuffer: refuse });
    expect(await problemOf(gone)).toBe('Unreadable');
  });

  test('armour that is not whole', async () => {
    const armoured = ageArmour(await ageEncrypt(await tarred(json), passphrase));
    expect(await problemOf(new Blob([armoured.slice(0, -40)]))).toBe('Damaged');
  });

  test.each([
    ['no archive', async () => text.encode(json)],
    ['an archive of something else', () => tarred(json, 'holiday.json')],
    ['an empty archive', () => bytesOf(tarOf([], noonMs))],
    ['an archive cut off inside', async () => (await tarred(json)).slice(0, 520)],
    ['no JSON', () => tarred('{"format":')],
    ['JSON of something else', () => tarred('{"version":1}')],
    ['no text', () => tarred(new Uint8Array([0xff, 0xfe, 0x80]))]
  ])('it opens, and holds %s', async (_, content) => {
    expect(await problemOf(new Blob([await ageEncrypt(await content(), passphrase)]))).toBe('NotABackup');
  });

  test('from a later version', async () => {
    expect(await open(await seal(JSON.stringify({ ...empty, version: 2, circles: 'who knows' })))).toEqual({
      ok: false,
      error: { type: 'NewerBackup', version: 2 }
    });
  });

  test('ours, with something in it that cannot be', async () => {
    expect(await open(await seal(JSON.stringify({ ...empty, madeAt: 'yesterday' })))).toEqual({
      ok: false,
      error: { type: 'Malformed', path: 'madeAt' }
    });
  });
});
