/**
 * What a backup says: version 1, as it stands in `shoulder.json` (docs/backup.md describes every field).
 *
 * The same shape in the file, in memory and in the table `restored`, so that there is one place that judges it. Times are
 * ISO 8601 in UTC, ids the base64url text of their bytes. Fields that a later version adds are passed over; a kind that is
 * added, or anything else that would be lost by passing it over, raises the version, and this app then leaves the file alone.
 */
import * as v from 'valibot';
import { base64UrlToBytes } from '../../base/bytes.ts';
import { idBytesLength, type CircleId, type DeviceId, type PersonId, type SaidId } from '../../base/ids.ts';
import { envelopeBytesMax, relayUrlLengthMax, slotLengthMax } from '../../base/limits.ts';
import { err, ok, type Result } from '../../base/result.ts';

export const backupFormat = 'shoulder-backup';
export const backupVersion = 1;
/** The JSON of some 100,000 things said; what is larger is not one of ours. */
export const backupJsonBytesMax = 64 * 1024 * 1024;

export type ReadBackupError =
  /** JSON of something else, or no JSON. */
  | { readonly type: 'NotABackup' }
  | { readonly type: 'NewerBackup'; readonly version: number }
  /** Ours by name, but something in it is missing or out of range; `path` says where. */
  | { readonly type: 'Malformed'; readonly path: string };

/** The backup in a JSON text. Looks at all of it before it says yes. */
export const readBackup = (text: string): Result<Backup, ReadBackupError> => {
  const value = parseJson(text);
  const head = v.safeParse(headShape, value);
  if (!head.success) return err({ type: 'NotABackup' });
  if (head.output.version > backupVersion) return err({ type: 'NewerBackup', version: head.output.version });
  const parsed = v.safeParse(backupShape, value, { abortEarly: true });
  return parsed.success ? ok(parsed.output) : err({ type: 'Malformed', path: v.getDotPath(parsed.issues[0]) ?? '' });
};

/** A circle in the text of a row of `restored`; `undefined` where it does not fit, which only a broken disk brings about. */
export const readBackupCircle = (text: string): BackupCircle | undefined => {
  const parsed = v.safeParse(circleShape, parseJson(text));
  return parsed.success ? parsed.output : undefined;
};

const idOf = <Id extends string>() =>
  v.pipe(
    v.string(),
    v.maxLength(22),
    v.check((text) => base64UrlToBytes(text)?.length === idBytesLength),
    v.transform((text) => text as Id)
  );
const text = v.pipe(v.string(), v.maxLength(envelopeBytesMax));
/** Exactly what `toISOString` writes, so that a time has one text; within the years that a `Date` can hold. */
const time = v.pipe(
  v.string(),
  v.maxLength(27),
  v.check((written) => {
    const ms = Date.parse(written);
    return Number.isFinite(ms) && ms >= 0 && new Date(ms).toISOString() === written;
  })
);
const axis = v.pipe(v.number(), v.integer(), v.minValue(-100), v.maxValue(100));

/** What everything that was said has. */
const said = {
  at: time,
  changed: v.optional(time),
  until: v.optional(time),
  to: v.optional(v.pipe(v.array(idOf<PersonId>()), v.maxLength(200))),
  record: v.object({
    device: idOf<DeviceId>(),
    slot: v.pipe(v.string(), v.minLength(1), v.maxLength(slotLengthMax)),
    version: v.pipe(v.number(), v.safeInteger(), v.minValue(1))
  })
};
const about = v.object({
  person: v.optional(idOf<PersonId>()),
  device: idOf<DeviceId>(),
  id: idOf<SaidId>()
});
const id = idOf<SaidId>();

const saidShape = v.variant('kind', [
  v.object({
    kind: v.literal('checkIn'),
    id,
    ...said,
    point: v.optional(v.object({ pleasantness: axis, energy: axis })),
    feelings: v.pipe(v.array(text), v.maxLength(16)),
    words: text,
    help: v.optional(text),
    lasting: v.optional(text)
  }),
  v.object({ kind: v.literal('gesture'), id, ...said, about, gesture: text }),
  v.object({ kind: v.literal('reply'), id, ...said, about, words: text, advice: v.boolean() }),
  v.object({ kind: v.literal('openAdvice'), ...said, about }),
  v.object({ kind: v.literal('askAdvice'), ...said, about }),
  v.object({ kind: v.literal('beenThere'), id, ...said, about, words: text }),
  v.object({ kind: v.literal('helped'), ...said, about }),
  v.object({ kind: v.literal('letter'), id, ...said, words: text }),
  v.object({ kind: v.literal('thought'), id, ...said }),
  v.object({ kind: v.literal('reachOut'), id, ...said, words: text, clear: v.boolean() }),
  v.object({ kind: v.literal('reachAnswer'), ...said, about, answer: text })
]);

const circleShape = v.object({
  id: idOf<CircleId>(),
  own: v.boolean(),
  name: text,
  you: v.optional(idOf<PersonId>()),
  people: v.pipe(v.array(v.object({ id: idOf<PersonId>(), name: text, left: v.boolean() })), v.maxLength(1000)),
  relays: v.pipe(v.array(v.pipe(v.string(), v.maxLength(relayUrlLengthMax))), v.maxLength(16)),
  said: v.pipe(v.array(saidShape), v.maxLength(200_000))
});

const headShape = v.object({
  format: v.literal(backupFormat),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1))
});

const backupShape = v.object({
  format: v.literal(backupFormat),
  version: v.literal(backupVersion),
  madeAt: time,
  settings: v.object({ notch: v.boolean(), ownNetworkOnly: v.boolean() }),
  feelings: v.pipe(v.array(text), v.maxLength(100)),
  circles: v.pipe(v.array(circleShape), v.maxLength(500))
});

export type Backup = v.InferOutput<typeof backupShape>;
export type BackupCircle = v.InferOutput<typeof circleShape>;
export type BackupSettings = Backup['settings'];
/** One thing that this person said. */
export type BackupSaid = BackupCircle['said'][number];
export type BackupCheckIn = Extract<BackupSaid, { kind: 'checkIn' }>;

/** Names the record that something was, in its circle: what two backups of one thing have in common. */
export const recordKey = ({ record }: Pick<BackupSaid, 'record'>): string => `${record.device} ${record.slot}`;

/** Whether its time is over: then it does not come back. */
export const isOver = ({ until }: Pick<BackupSaid, 'until'>, nowMs: number): boolean =>
  until !== undefined && Date.parse(until) <= nowMs;

const parseJson = (written: string): unknown => {
  try {
    return JSON.parse(written);
  } catch {
    return undefined; // not JSON: its only failure
  }
};
