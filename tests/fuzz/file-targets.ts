/**
 * What is read from files and from this device's own disk: backups, the instance's configuration, keyrings.
 */
import { utf8ToBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import { sealStream } from '../../src/lib/app/backup/age-file.ts';
import { openBackupFile, jsonName } from '../../src/lib/app/backup/backup-file.ts';
import { readBackup, readBackupCircle, type Backup } from '../../src/lib/app/backup/format.ts';
import { fileInTar, tarOf } from '../../src/lib/app/backup/tar.ts';
import { toConfiguration } from '../../src/lib/app/instance.ts';
import { bytesToKeyring, keyringToBytes } from '../../src/lib/store/keyring.ts';
import { Chance, hashOf } from './chance.ts';
import { mutateBytes } from './mutate-bytes.ts';
import * as scene from './scene.ts';
import {
  bytesTarget,
  cborTarget,
  jsonTarget,
  must,
  parsedJson,
  stable,
  valueOf,
  type Outcome,
  type Target
} from './target.ts';

const id = (n: number): string => Buffer.from(new Uint8Array(16).fill(n)).toString('base64url');
const at = '2026-03-04T12:00:00.000Z';
const record = { device: id(1), slot: 'now', version: 1 };
const about = { person: id(2), device: id(3), id: id(4) };
const said = [
  {
    kind: 'checkIn',
    id: id(5),
    at,
    changed: at,
    until: at,
    to: [id(6)],
    record,
    point: { pleasantness: -40, energy: 15 },
    feelings: ['tender'],
    words: 'Not fine.',
    help: 'hear-me',
    lasting: 'day'
  },
  { kind: 'reply', id: id(7), at, record, about, words: 'I am here', advice: false },
  { kind: 'gesture', id: id(8), at, record, about, gesture: 'hold' },
  { kind: 'letter', id: id(9), at, record, words: 'Dear Bo' },
  { kind: 'reachOut', id: id(9), at, record, words: '', clear: false },
  { kind: 'reachAnswer', at, record, about, answer: 'soon' }
];
const backupCircle = {
  ...{ id: id(10), own: false, name: 'Us', you: id(11), relays: ['wss://relay.example'], said },
  people: [{ id: id(11), name: 'Ana', left: false }]
};
const backup = {
  ...{ format: 'shoulder-backup', version: 1, madeAt: at, feelings: ['worn out'], circles: [backupCircle] },
  settings: { notch: true, ownNetworkOnly: false }
};
const backupText = JSON.stringify(backup);
if (!readBackup(backupText).ok) throw new Error('the sample is a backup');

const feedBackup = (text: string): Outcome => {
  const read = valueOf(readBackup(text), 'NotABackup', 'NewerBackup', 'Malformed');
  const circle = readBackupCircle(text);
  if (circle !== undefined)
    must(
      JSON.stringify(readBackupCircle(JSON.stringify(circle))) === JSON.stringify(circle),
      'a circle is kept as it was read'
    );
  if (read === undefined) return circle === undefined ? 'refused' : 'taken';
  const again = readBackup(JSON.stringify(read satisfies Backup));
  must(again.ok && JSON.stringify(again.value) === JSON.stringify(read), 'a backup is written as it was read');
  return 'taken';
};

/** Little, so that what is too large is not large. */
const fileBytesMax = 4000;
const archives: Bytes[] = [];
for (const files of [[jsonName], ['media/1.opus', jsonName], ['./a', 'b']]) {
  const blob = tarOf(
    files.map((name) => ({ name, content: new Blob([backupText]) })),
    1_772_625_600_000
  );
  archives.push(new Uint8Array(await blob.arrayBuffer()));
}
const tooLarge = tarOf([{ name: jsonName, content: new Blob([new Uint8Array(fileBytesMax + 1)]) }], 0);
archives.push(new Uint8Array(await tooLarge.arrayBuffer()));

/** The checksum of each header made right again: else hardly a change would get past it. */
const withChecksums = (archive: Bytes): Bytes => {
  const right = archive.slice();
  for (let block = 0; block + 512 <= right.length; block += 512) {
    const header = right.subarray(block, block + 512);
    if (String.fromCharCode(...header.subarray(257, 262)) !== 'ustar') continue;
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(utf8ToBytes(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  }
  return right;
};

/** A stream that brings the bytes in pieces of any length, none among them. */
const inPieces = (bytes: Bytes): ReadableStream<Uint8Array> => {
  const chance = new Chance(hashOf(bytes.subarray(0, 2000)));
  let from = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = bytes.subarray(from, (from += chance.below(2000)));
      if (piece.length > 0 || from < bytes.length) controller.enqueue(piece);
      else controller.close();
    }
  });
};

const feedTar = async (archive: Bytes): Promise<Outcome> => {
  const found = valueOf(await fileInTar(inPieces(archive), jsonName, fileBytesMax), 'NotATar', 'NotInTar', 'TooLarge');
  if (found === undefined) return 'refused';
  must(found.length <= fileBytesMax, 'no more is read than may be');
  const blob = tarOf([{ name: jsonName, content: new Blob([found]) }], 0);
  const again = await fileInTar(blob.stream(), jsonName, fileBytesMax);
  must(again.ok && Buffer.from(again.value).equals(found), 'a file is written as it was read');
  return 'taken';
};

const passphrase = 'six words';
const ageOf = async (plain: Bytes): Promise<Bytes> => {
  const sealed = await sealStream(new Blob([plain]).stream(), passphrase, 1);
  return new Uint8Array(await new Response(sealed as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
};
const ageFile = await ageOf(archives[0] as Bytes);
const fileErrors = [
  'TooLarge',
  'NotAge',
  'NewerAge',
  'NotByPassphrase',
  'TooHeavy',
  'WrongPassphrase',
  'Damaged',
  'NotABackup',
  'NewerBackup',
  'Malformed',
  'Unreadable'
];

/** Dearer scrypt than the sample's is no other decoder, and would take a second each. */
const isDear = (file: Bytes): boolean =>
  /scrypt \S+ (?:[5-9]|1\d)\b/.test(String.fromCharCode(...file.subarray(0, 200)));

const feedFile = async (file: Bytes): Promise<Outcome> => {
  if (isDear(file)) return 'refused';
  const read = valueOf(await openBackupFile(new Blob([file]), passphrase, () => undefined), ...fileErrors);
  return read === undefined ? 'refused' : 'taken';
};

const base = new URL('https://shoulder.example/');
const instances = [
  {
    relays: ['relay', 'wss://relay.example'],
    iceServers: [{ urls: 'stun:stun.example:3478' }],
    iceTransportPolicy: 'all'
  },
  {
    iceServers: [{ urls: ['turn:turn.example:3478?transport=udp'], username: 'a', credential: 'b' }],
    iceTransportPolicy: 'relay'
  }
];

const feedInstance = (text: string): Outcome => {
  const value = parsedJson(text);
  const { relays, iceServers } = toConfiguration(value, base);
  must(relays.length <= 8 && iceServers.length <= 8, 'no more than there is room for');
  for (const relay of relays) must(/^wss?:\/\//.test(relay), 'a relay is at a socket');
  for (const { urls } of iceServers)
    for (const url of [urls].flat()) must(/^(?:stun|turn)s?:/.test(url), 'a browser takes it');
  return relays.length + iceServers.length > 0 ? 'taken' : 'refused';
};

const keyrings = [true, false].map((own) =>
  keyringToBytes({
    ...{ own, device: scene.ana.secrets, generation: 2, relays: ['wss://relay.example'] },
    epochs: [scene.circle.held, { ...scene.circle.held, secret: null }],
    slot: scene.circle.slotSecret,
    founding: scene.keys.epoch,
    ...(own ? {} : { anchor: scene.keys.epoch })
  })
);

export const fileTargets: readonly Target[] = [
  jsonTarget('backup', 60, [backup, backupCircle], feedBackup),
  bytesTarget('backup, its archive', 10, archives, feedTar),
  {
    name: 'backup, its archive with right checksums',
    share: 10,
    make: (chance) => withChecksums(mutateBytes(chance, archives)),
    feed: feedTar
  },
  bytesTarget('backup file', 2, [ageFile], feedFile),
  bytesTarget('backup file, its inside', 2, archives, async (archive) => feedFile(await ageOf(archive))),
  jsonTarget('instance.json', 30, instances, feedInstance),
  cborTarget('keyring', 40, keyrings, stable(bytesToKeyring, keyringToBytes))
];
