/**
 * What must hold about who is in, once everybody who is in could reach everybody for long enough: each promise by name.
 *
 * The truth is what all statements together make, those on every honest disk.
 */
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import type { DeviceId, MapKey, PersonId, Topic } from '../../../src/lib/base/ids.ts';
import { carriedRows } from '../../../src/lib/circle/carrying.ts';
import { heededBy } from '../../../src/lib/circle/keyless.ts';
import { reduceCircle, wayTo, type CircleState, type Epoch } from '../../../src/lib/circle/epochs.ts';
import type { Statement } from '../../../src/lib/circle/statements.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { readSealsBody } from '../../../src/lib/circle/seals.ts';
import { mapKeyOf } from '../../../src/lib/records/epoch-keys.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { satisfiesLedger } from '../../../src/lib/records/ledger-reading.ts';
import { bodyToAck, bodyToLedger } from '../../../src/lib/records/ledger-reading.ts';
import { openRecord, supersedes } from '../../../src/lib/records/opened-record.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { liveRecordsOf } from '../../../src/lib/store/envelopes.ts';
import { newestRow } from '../../../src/lib/store/newest-rows.ts';
import { fadedKind } from '../../../src/lib/store/fading.ts';
import { readHolding, type Holding } from './holding.ts';
import type { Member } from './member.ts';
import { brokenSecrecy, type SecrecyKept } from './trust-secrecy.ts';

export interface TrustKept extends SecrecyKept {
  /** Votes that people really cast, by whom they are about. */
  readonly votes: ReadonlyMap<PersonId, ReadonlySet<PersonId>>;
  readonly replicaOf: (owner: string, topic: Topic) => ReadonlyMap<string, unknown>;
  readonly replicasMet: boolean;
  /** Devices that nobody has to reach any more. */
  readonly lost: ReadonlySet<Member>;
  readonly tell: (line: string) => void;
}

/** Every broken promise in a sentence; empty where all hold. */
export const brokenTrust = async (kept: TrustKept): Promise<string[]> => {
  const all = (await Promise.all(kept.members.map(readHolding))).filter((each) => each !== undefined);
  const truth = truthOf(all);
  const { head } = truth;
  if (head === undefined) return ['nobody knows where the circle is'];
  const inside = all.filter(({ device, member }) => isInside(head, device) && !kept.lost.has(member));
  if (head.members.people.size === 0) return ['the circle is empty'];
  // Where only traitors are left, and people whose phones are lost, there is nothing else to promise.
  if (inside.length === 0) return brokenSecrecy(all, truth, kept);
  kept.tell(
    `${truth.epochs.size} epochs, ${head.depth} deep: ${wayTo(head)
      .map(({ manifest }) =>
        manifest === null
          ? 'founding'
          : `${manifest.why} -${manifest.removed.length}p -${manifest.dropped.length}d by ${manifest.author.slice(0, 4)}`
      )
      .join(
        ' < '
      )}; in: ${inside.map(({ member }) => member.name).join(' ')}; all: ${all.map(({ member, device }) => `${member.name}=${device.slice(0, 4)}`).join(' ')}`
  );
  const carried = carriedRows(truth, (all[0] as Holding).circle.keyring.founding);
  return [
    ...(await oneHead(inside, head)),
    ...oneGeneration(inside),
    ...sameStatements(inside, head, truth),
    ...sameBoards(inside, carried),
    ...(await sameReplicas(inside, carried, kept)),
    ...(await ledgersHold(inside, carried)),
    ...(await allAcked(inside, carried)),
    ...(await nothingLost(all)),
    ...majoritiesReal(head, kept.votes),
    ...(await brokenSecrecy(all, truth, kept))
  ];
};

/** What all honest disks together say; epochs that somebody waited for in vain, and nobody has the keys of, left aside (EP16). */
const truthOf = (holdings: readonly Holding[]): CircleState => {
  const byHash = new Map(holdings.flatMap(({ statements }) => statements.map((each) => [each.hash, each] as const)));
  const held = holdings.map(({ circle }) => circle.keyring.current.epoch);
  const keyless = holdings.flatMap(({ circle }) => circle.keyring.keyless).filter((epoch) => !held.includes(epoch));
  return reduceCircle(heededBy([...byHash.values()], { held, keyless }));
};

const isInside = ({ members }: Epoch, device: DeviceId): boolean => {
  const person = members.personOf.get(device);
  return person !== undefined && members.people.has(person);
};

/** Everybody who is in is where the circle is, with its keys. */
const oneHead = async (inside: readonly Holding[], head: Epoch): Promise<string[]> => {
  const found: string[] = [];
  for (const { member, state, circle, rows } of inside) {
    const { epoch } = circle.keyring.current;
    if (state.head?.id !== head.id)
      found.push(`${member.name} thinks the circle is in ${state.head?.id}, and it is in ${head.id}`);
    else if (epoch !== head.id) {
      const seals = await Promise.all(
        [...rows.values()]
          .filter(({ kind }) => kind === kinds.seals)
          .map(({ bytes }) => openRecord(bytes, circle.keyring.epochs))
      );
      const held = seals.flatMap((each) =>
        each.ok
          ? [
              `of ${readSealsBody(each.value.payload.body)?.epoch} by ${each.value.payload.device} ver ${each.value.payload.ver}`
            ]
          : []
      );
      found.push(
        `${member.name} waits for keys: is in ${epoch}, and the circle in ${head.id}; holds seals ${held.join(', ')}; way ${wayTo(
          head
        )
          .map(({ id }) => id)
          .join(' < ')}`
      );
    }
  }
  return found;
};

/** Everybody who is where the circle is meets in one room there. */
const oneGeneration = (inside: readonly Holding[]): string[] =>
  inside
    .filter(({ circle }) => circle.keyring.generation !== inside[0]?.circle.keyring.generation)
    .map(({ member, circle }) => `${member.name} is in generation ${circle.keyring.generation}`);

/** But for introductions that nobody came in by: who heard first that their author is out has refused them (EP14). */
const sameStatements = (inside: readonly Holding[], head: Epoch, { roster }: CircleState): string[] => {
  const listed = new Set(
    wayTo(head).flatMap(({ manifest }) => manifest?.people.flatMap(({ devices }) => devices) ?? [])
  );
  const isIdle = (each: Statement): boolean =>
    (each.type === 'add-person' || each.type === 'add-device' || each.type === 'rebind') &&
    roster.devicesById.get(each.author)?.out === true &&
    !listed.has(each.device.id);
  const all = new Map(inside.flatMap(({ statements }) => statements.map((each) => [each.hash, each] as const)));
  return inside.flatMap(({ member, statements }) => {
    const held = new Set(statements.map(({ hash }) => hash));
    return [...all.values()]
      .filter((each) => !held.has(each.hash) && !isIdle(each))
      .map(({ type, author }) => `${member.name} lacks a statement: ${type} by ${author}`);
  });
};

const isLasting = (row: EnvelopeRow | undefined): row is EnvelopeRow =>
  row !== undefined && row.kind !== fadedKind && row.exp === undefined;

/**
 * Of each slot everybody who is in holds the newest version that goes to friends in this epoch; or a newer one that does not, and
 * stays on the disks where it is (EP9).
 */
const sameBoards = (inside: readonly Holding[], carried: (row: EnvelopeRow) => boolean): string[] => {
  const newest = new Map<MapKey, EnvelopeRow>();
  for (const row of inside.flatMap(({ rows }) => [...rows.values()])) {
    const known = newest.get(row.key);
    if (isLasting(row) && carried(row) && (known === undefined || supersedes(row, known))) newest.set(row.key, row);
  }
  return [...newest.values()].flatMap((wanted) => {
    const lacking = inside.flatMap(({ member, rows }) => {
      const row = rows.get(wanted.key);
      const isRight = isLasting(row) && (row.hash === wanted.hash || (!carried(row) && supersedes(row, wanted)));
      return isRight ? [] : [`${member.name}: ${row === undefined ? 'nothing' : rowText(row)}`];
    });
    return lacking.length === 0 ? [] : [`${wanted.key} is ${rowText(wanted)}; ${lacking.join('; ')}`];
  });
};

const rowText = (row: EnvelopeRow): string =>
  // Whoever lets it fade by another clock lets it fade all the same.
  isLasting(row)
    ? `kind ${row.kind} ver ${row.ver} ${row.hash} of ${row.device} in ${row.epoch ?? 'founding'}`
    : 'faded';

const sameReplicas = async (
  inside: readonly Holding[],
  carried: (row: EnvelopeRow) => boolean,
  { replicaOf, replicasMet }: TrustKept
): Promise<string[]> => {
  const found: string[] = [];
  // Who is alone meets nobody, and puts nothing back.
  if (!replicasMet || inside.length < 2) return [];
  for (const { member, circle, rows } of inside) {
    const topic = await roomTopic(circle.keyring.current.lighthouse, circle.keyring.generation);
    const replica = replicaOf(member.name, topic);
    for (const row of rows.values()) {
      if (!isLasting(row) || !carried(row)) continue;
      const value = replica.get(row.key);
      const record = value instanceof Uint8Array ? await openRecord(value as Bytes, circle.keyring.epochs) : undefined;
      if (record?.ok !== true || record.value.hash !== row.hash)
        found.push(`${member.name}'s replica lacks kind ${row.kind} of ${row.device}`);
    }
  }
  return found;
};

const carriedOf =
  (carried: (row: EnvelopeRow) => boolean) =>
  (row: Pick<EnvelopeRow, 'device' | 'epoch'>): boolean =>
    carried({ ...row, kind: kinds.gone } as EnvelopeRow);

const ownSeqs = ({ rows, device }: Holding): number[] =>
  [...rows.values()].filter((row) => row.device === device).map(({ seq }) => seq);

/** Everybody holds everything that the ledger of everybody who is in lists. */
const ledgersHold = async (inside: readonly Holding[], carried: (row: EnvelopeRow) => boolean): Promise<string[]> => {
  const found: string[] = [];
  for (const holder of inside) {
    const { database } = holder.member.device.life;
    for (const author of inside.filter((each) => ownSeqs(each).some((seq) => seq > 0))) {
      const row = await newestRow(database, holder.circle.n, kinds.ledger, author.device);
      const record = row === undefined ? undefined : await openRecord(row.bytes, holder.circle.keyring.epochs);
      const ledger = record?.ok === true ? bodyToLedger(record.value.payload.body) : undefined;
      const live = await liveRecordsOf(database, holder.circle.n, author.device, carriedOf(carried));
      if (ledger === undefined || !(await satisfiesLedger(ledger, live)))
        found.push(
          `${holder.member.name} does not hold all of ${author.member.name}'s ledger ${row?.ver}, which lists ${JSON.stringify(ledger?.ranges)}: has ${live.map(({ seq }) => seq).join()}`
        );
    }
  }
  return found;
};

/** Everybody said, and everybody heard, that everybody has everybody's newest record: no card waits for anybody who is in. */
const allAcked = async (inside: readonly Holding[], carried: (row: EnvelopeRow) => boolean): Promise<string[]> => {
  const found: string[] = [];
  for (const holder of inside) {
    for (const acker of inside) {
      const row = await newestRow(holder.member.device.life.database, holder.circle.n, kinds.ack, acker.device);
      const record = row === undefined ? undefined : await openRecord(row.bytes, holder.circle.keyring.epochs);
      const ack = record?.ok === true ? bodyToAck(record.value.payload.body) : undefined;
      for (const author of inside.filter((other) => other !== acker)) {
        const newest = Math.max(
          0,
          ...[...author.rows.values()]
            .filter((row) => row.device === author.device && carried(row))
            .map(({ seq }) => seq)
        );
        const acked = ack?.get(author.device) ?? 0;
        if (acked < newest)
          found.push(
            `${holder.member.name} heard ${acker.member.name} ack ${acked} of ${author.member.name}'s ${newest}`
          );
      }
    }
  }
  return found;
};

/** Every acknowledged saying is on its own device, or what replaced it is, whether or not that device is in. */
const nothingLost = async (all: readonly Holding[]): Promise<string[]> => {
  const found = await Promise.all(
    all.map(async ({ member, circle, device, rows }) => {
      const lost = await Promise.all(
        [...member.acknowledged].map(async ([slot, { ver, hash }]) => {
          const row = rows.get(await mapKeyOf(circle.keyring.current, device, slot));
          return row !== undefined && (row.ver > ver || (row.ver === ver && row.hash === hash))
            ? []
            : [`${member.name} lost ${slot} ver ${ver}`];
        })
      );
      return lost.flat();
    })
  );
  return found.flat();
};

/** Whoever is out by the word of the others is so by votes that were cast. */
const majoritiesReal = (head: Epoch, votes: TrustKept['votes']): string[] =>
  wayTo(head).flatMap(({ manifest, parent }) => {
    if (manifest === null || parent === null) return [];
    return manifest.removed.flatMap((person) => {
      const others = new Set([...manifest.people.map(({ id }) => id), ...manifest.removed]);
      others.delete(person);
      const cast = [...others].filter((each) => votes.get(person)?.has(each) === true);
      return 2 * cast.length > others.size && others.size >= 2
        ? []
        : [`${person} is out by ${cast.length} of ${others.size}`];
    });
  });
