/**
 * What an old epoch's lighthouse shows: the manifests that followed on it, the statements that were made by then, which prove them, and
 * the seals that hand on the keys (docs/protocol.md EP10). Nothing that was said after it ended, but for what leads on to where the circle
 * is: where everybody who was in then is in now, and where the circle went another way, from where the two parted.
 */
import type { EpochId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { wayTo, type CircleState, type Epoch } from '../circle/epochs.ts';
import { readSealsBody } from '../circle/seals.ts';
import { readStatement, type Leave } from '../circle/statements.ts';
import { noticeKeys, type LighthouseKeys } from '../records/epoch-keys.ts';
import { kinds } from '../records/kinds.ts';
import { openRecord, sealAgain } from '../records/opened-record.ts';
import type { Bytes } from '../base/bytes.ts';
import type { MapKey, RecordHash } from '../base/ids.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow } from '../store/database.ts';

export interface Notice {
  readonly key: MapKey;
  readonly hash: RecordHash;
  /** Sealed for those who hold the old epoch's keys, or its lighthouse only. */
  readonly envelope: Bytes;
}

/** `rows`: the circle's statements and seals. */
export const noticesOf = async (
  circle: LocalCircle,
  state: CircleState,
  lighthouse: LighthouseKeys,
  rows: readonly EnvelopeRow[],
  random: Random
): Promise<Notice[]> => {
  const keys = noticeKeys(lighthouse);
  const { begun, said } = shownAt(state, lighthouse.epoch);
  const notices = await Promise.all(
    rows.map(async ({ bytes, kind, key, hash }): Promise<Notice[]> => {
      const record = await openRecord(bytes, circle.keyring.epochs);
      if (!record.ok) return [];
      const { payload } = record.value;
      const isShown =
        kind === kinds.seals
          ? begun.has(readSealsBody(payload.body)?.epoch ?? lighthouse.epoch)
          : said.has(payload.epoch) && (await readStatement(record.value)) !== undefined;
      return isShown ? [{ key, hash, envelope: await sealAgain(keys, record.value, random) }] : [];
    })
  );
  return notices.flat();
};

/** Of which epochs the seals are shown in an old one, and of which the statements that were made in them. */
const shownAt = (
  { epochs, head, sorted }: CircleState,
  old: EpochId
): { readonly begun: ReadonlySet<EpochId>; readonly said: ReadonlySet<EpochId> } => {
  const begun = new Set([...epochs.values()].filter(({ parent }) => parent?.id === old).map(({ id }) => id));
  const here = epochs.get(old);
  const before = new Set(here === undefined ? [] : wayTo(here));
  // What was said before this epoch may have come so late that it was never shown in it, and prove what followed all the same.
  const said = new Set([old, ...[...before].map(({ id }) => id)]);
  if (here === undefined || head === undefined) return { begun, said };
  const way = wayTo(head);
  if (way.includes(here) && !areAllIn(here, head, sorted?.leaves ?? [])) return { begun, said };
  for (const { id, parent } of way.filter((epoch) => !before.has(epoch))) {
    begun.add(id);
    if (parent !== null) said.add(parent.id);
  }
  return { begun, said };
};

/**
 * Whether everybody who was handed an epoch's keys still is in, by every device: then nobody holds them who is not to know what followed.
 * Whoever had left before it began was handed none.
 */
const areAllIn = (
  { members: then, manifest, parent }: Epoch,
  { members: now }: Epoch,
  leaves: readonly Leave[]
): boolean => {
  const before = new Set(parent === null ? [] : wayTo(parent).map(({ id }) => id));
  const listed = new Set(manifest?.people.map(({ id }) => id));
  const gone = new Set(
    leaves.flatMap(({ author, epoch }) => (before.has(epoch) ? (then.personOf.get(author) ?? []) : []))
  );
  return [...then.personOf].every(([device, person]) => {
    const of = now.personOf.get(device);
    return (of !== undefined && now.people.has(of)) || (gone.has(person) && !listed.has(person));
  });
};
