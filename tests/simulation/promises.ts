/**
 * What must hold once everybody could reach everybody for long enough: each promise by name, with what broke it.
 *
 * Signatures are checked here with the keys the simulation handed out and with Node's own crypto, not with the code that
 * is being tried.
 */
import type { KeyObject } from 'node:crypto';
import type { Bytes } from '../../src/lib/base/bytes.ts';
import type { DeviceId, MapKey, Topic } from '../../src/lib/base/ids.ts';
import { dayMs } from '../../src/lib/base/clock.ts';
import { personOfDevice, type Roster } from '../../src/lib/circle/roster.ts';
import { mapKeyOf } from '../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import { roomTopic } from '../../src/lib/records/meeting-keys.ts';
import { satisfiesLedger } from '../../src/lib/records/ledger-reading.ts';
import { bodyToAck, bodyToLedger } from '../../src/lib/records/ledger-reading.ts';
import { openPrivate } from '../../src/lib/records/private.ts';
import { openRecord } from '../../src/lib/records/opened-record.ts';
import type { LocalCircle } from '../../src/lib/store/circles.ts';
import type { EnvelopeRow } from '../../src/lib/store/database.ts';
import { liveRecordsOf } from '../../src/lib/store/envelopes.ts';
import { newestRow } from '../../src/lib/store/newest-rows.ts';
import { fadedKind } from '../../src/lib/store/fading.ts';
import { readRoster } from '../../src/lib/store/rosters.ts';
import { readableStores } from './disk.ts';
import { isSigned, toVerifier } from './signatures.ts';
import type { Friend } from './friend.ts';

/** What one honest device holds. */
interface Holding {
  readonly friend: Friend;
  readonly circle: LocalCircle;
  readonly device: DeviceId;
  readonly rows: ReadonlyMap<MapKey, EnvelopeRow>;
  readonly roster: Roster;
  /** What its replica holds, by key. */
  readonly replica: ReadonlyMap<string, unknown>;
}

export interface Kept {
  readonly friends: readonly Friend[];
  /** Public signing keys of all devices there are, hostile ones too. */
  readonly signKeys: ReadonlyMap<DeviceId, Bytes>;
  readonly replicaOf: (owner: string, topic: Topic) => ReadonlyMap<string, unknown>;
  /** Whether documents ever met; else only what they hold has to be true. */
  readonly replicasMet: boolean;
}

/** Every broken promise in a sentence; empty where all hold. */
export const brokenPromises = async ({ friends, signKeys, replicaOf, replicasMet }: Kept): Promise<string[]> => {
  const holdings = await Promise.all(friends.map((friend) => readHolding(friend, replicaOf)));
  const found = [
    ...sameRosters(holdings, signKeys),
    ...sameBoards(holdings),
    ...(replicasMet ? sameReplicas(holdings) : []),
    ...(await replicasTrue(holdings.filter((holding) => replicasMet || !hasMoved(holding)))),
    ...(await nothingLost(holdings)),
    ...(await nothingForged(holdings, signKeys)),
    ...(await ledgersHold(holdings)),
    ...(await allAcked(holdings)),
    ...(await audiencesKept(holdings)),
    ...(await nothingReadable(friends))
  ];
  return found;
};

const readHolding = async (friend: Friend, replicaOf: Kept['replicaOf']): Promise<Holding> => {
  const circle = await friend.device.circle();
  if (circle === undefined) throw new Error(`${friend.name} is in no circle`);
  const { database } = friend.device.life;
  const rows = await database.envelopes.where({ circle: circle.n }).toArray();
  return {
    friend,
    circle,
    device: circle.keyring.device.id,
    rows: new Map(rows.map((row) => [row.key, row])),
    roster: await readRoster(database, circle),
    replica: replicaOf(friend.name, await roomTopic(circle.keyring.current.lighthouse, circle.keyring.generation))
  };
};

const sameRosters = (holdings: readonly Holding[], signKeys: Kept['signKeys']): string[] => {
  const texts = holdings.map(({ roster }) =>
    JSON.stringify([roster.circleName, roster.people, [...roster.devicesById.keys()], [...roster.usedInvites]])
  );
  const strangers = holdings.flatMap(({ friend, roster }) =>
    [...roster.devicesById.keys()]
      .filter((id) => !signKeys.has(id))
      .map((id) => `${friend.name} let in ${id}, who never asked`)
  );
  const absent = holdings.flatMap(({ friend, roster }) =>
    holdings
      .filter(({ device }) => !roster.devicesById.has(device))
      .map((other) => `${friend.name} does not know ${other.friend.name}`)
  );
  const differing = holdings
    .filter((_, i) => texts[i] !== texts[0])
    .map(({ friend }) => `${friend.name} has another roster`);
  return [...strangers, ...absent, ...differing];
};

/** Whether a row is there for good: not a marker of what faded, and nothing that may have faded on another clock. */
const isLasting = (row: EnvelopeRow | undefined): row is EnvelopeRow =>
  row !== undefined && row.kind !== fadedKind && row.exp === undefined;

/**
 * Slots left aside. Honest devices let all versions of a slot fade at one time (FA4), so that only where nobody holds
 * anything lasting may clocks disagree. A hostile device may shorten what it said before: who slept then keeps it longer.
 */
const asideKeys = (holdings: readonly Holding[]): Set<MapKey> => {
  const honest = new Set(holdings.map(({ device }) => device));
  const rows = Map.groupBy(
    holdings.flatMap((holding) => [...holding.rows.values()]),
    ({ key }) => key
  );
  return new Set(
    [...rows].flatMap(([key, held]) => {
      const lasting = held.filter(isLasting);
      const isHonest = held.every(({ device }) => honest.has(device));
      return lasting.length === 0 || (!isHonest && lasting.length < held.length) ? [key] : [];
    })
  );
};

const sameBoards = (holdings: readonly Holding[]): string[] => {
  const aside = asideKeys(holdings);
  const keys = new Set(holdings.flatMap(({ rows }) => [...rows.keys()]).filter((key) => !aside.has(key)));
  return [...keys].flatMap((key) => {
    const texts = holdings.map(({ rows }) => {
      const row = rows.get(key);
      return isLasting(row) ? `kind ${row.kind} ver ${row.ver} ${row.hash} of ${row.device}` : 'faded or nothing';
    });
    const different = holdings.flatMap(({ friend }, i) =>
      texts[i] === texts[0] ? [] : [`${friend.name}: ${texts[i]}`]
    );
    return different.length === 0
      ? []
      : [`${key} differs: ${holdings[0]?.friend.name}: ${texts[0]}; ${different.join('; ')}`];
  });
};

/** The documents converged. */
const sameReplicas = (holdings: readonly Holding[]): string[] => {
  const [first] = holdings;
  if (first === undefined) return [];
  return holdings.flatMap(({ friend, replica }) => {
    const keys = new Set([...replica.keys(), ...first.replica.keys()]);
    const different = [...keys].filter((key) => !isSameValue(replica.get(key), first.replica.get(key)));
    return different.length === 0 ? [] : [`${friend.name}'s replica differs in ${different.length} keys`];
  });
};

/** GE4: whoever moved begins with an empty document, and fills it with the first one whom they meet. */
const hasMoved = ({ circle }: Holding): boolean => circle.keyring.generation > 0;

/** A newcomer finds every lasting record in the document of whoever they meet first. */
const replicasTrue = async (holdings: readonly Holding[]): Promise<string[]> => {
  const found: string[] = [];
  const aside = asideKeys(holdings);
  const honest = new Set(holdings.map(({ device }) => device));
  for (const { friend, circle, rows, replica } of holdings) {
    for (const row of [...rows.values()].filter(({ key }) => !aside.has(key))) {
      const value = replica.get(row.key);
      const record = value instanceof Uint8Array ? await openRecord(value as Bytes, circle.keyring.epochs) : undefined;
      const is = record?.ok === true ? record.value.hash === row.hash : false;
      // RE4: a later word of a hostile member, dated so far ahead that it waits, stands in the place of their own one.
      const isTheirs = record?.ok === true && record.value.payload.device === row.device && !honest.has(row.device);
      if (!is && !isTheirs)
        found.push(`${friend.name}'s replica does not hold ${row.key} kind ${row.kind} ver ${row.ver}`);
    }
  }
  return found;
};

const isSameValue = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array
    ? Buffer.compare(a, b) === 0
    : JSON.stringify(a) === JSON.stringify(b);

/** Every acknowledged saying is on its own device, or what replaced it is. */
const nothingLost = async (holdings: readonly Holding[]): Promise<string[]> => {
  const found = await Promise.all(
    holdings.map(async ({ friend, circle, device, rows }) => {
      const lost = await Promise.all(
        [...friend.acknowledged].map(async ([slot, { ver, hash }]) => {
          const row = rows.get(await mapKeyOf(circle.keyring.current, device, slot));
          return row !== undefined && (row.ver > ver || (row.ver === ver && row.hash === hash))
            ? []
            : [`${friend.name} lost ${slot} ver ${ver}`];
        })
      );
      return lost.flat();
    })
  );
  return found.flat();
};

const nothingForged = async (holdings: readonly Holding[], signKeys: Kept['signKeys']): Promise<string[]> => {
  const verifiers = new Map([...signKeys].map(([device, key]) => [device, toVerifier(key)]));
  const judged = new Map<string, string | undefined>();
  const found: string[] = [];
  for (const { friend, circle, rows } of holdings) {
    for (const row of rows.values()) {
      if (row.kind === fadedKind) continue;
      const id = `${row.hash} ${row.key}`;
      if (!judged.has(id)) judged.set(id, await whyForged(row, circle, verifiers));
      const why = judged.get(id);
      if (why !== undefined) found.push(`${friend.name} holds ${row.key} kind ${row.kind}: ${why}`);
    }
  }
  return found;
};

const whyForged = async (
  row: EnvelopeRow,
  circle: LocalCircle,
  verifiers: ReadonlyMap<DeviceId, KeyObject>
): Promise<string | undefined> => {
  const record = await openRecord(row.bytes, circle.keyring.epochs);
  if (!record.ok) return `does not open: ${record.error.type}`;
  const { payload, key } = record.value;
  const verifier = verifiers.get(payload.device);
  if (verifier === undefined) return 'by a device that does not exist';
  if (!isSigned(record.value, verifier)) return 'not signed by its device';
  if (key !== row.key || payload.device !== row.device || payload.ver !== row.ver || payload.seq !== row.seq)
    return 'indexed as another';
  if (payload.circle !== circle.keyring.circle) return 'of another circle';
  const isStatement = ([kinds.manifest, kinds.addPerson, kinds.leave] as number[]).includes(payload.kind);
  if (isStatement !== payload.slot.startsWith('roster/')) return `in the wrong slot ${payload.slot}`;
  if ((payload.kind === kinds.ledger) !== (payload.slot === 'ledger')) return `in the wrong slot ${payload.slot}`;
  if ((payload.kind === kinds.ack) !== (payload.slot === 'ack')) return `in the wrong slot ${payload.slot}`;
  if (payload.kind === kinds.checkIn && typeof payload.body['words'] !== 'string') return 'without words';
  return payload.time.ms > yearsAheadMs ? 'dated years ahead' : undefined;
};

/** Long after any run of the simulation. */
const yearsAheadMs = 22_000 * dayMs;

/** Everybody holds everything that every honest ledger lists. */
const ledgersHold = async (holdings: readonly Holding[]): Promise<string[]> => {
  const found: string[] = [];
  for (const holder of holdings) {
    const { database } = holder.friend.device.life;
    // Who never said anything has no ledger.
    for (const author of holdings.filter(hasSaidSomething)) {
      const row = await newestRow(database, holder.circle.n, kinds.ledger, author.device);
      const record = row === undefined ? undefined : await openRecord(row.bytes, holder.circle.keyring.epochs);
      const ledger = record?.ok === true ? bodyToLedger(record.value.payload.body) : undefined;
      const holds =
        ledger !== undefined &&
        (await satisfiesLedger(ledger, await liveRecordsOf(database, holder.circle.n, author.device)));
      if (!holds) found.push(`${holder.friend.name} does not hold all of ${author.friend.name}'s ledger ${row?.ver}`);
    }
  }
  return found;
};

/** Everybody said, and everybody heard, that everybody has everybody's newest record. */
const allAcked = async (holdings: readonly Holding[]): Promise<string[]> => {
  const found: string[] = [];
  for (const holder of holdings) {
    for (const acker of holdings) {
      const row = await newestRow(holder.friend.device.life.database, holder.circle.n, kinds.ack, acker.device);
      const record = row === undefined ? undefined : await openRecord(row.bytes, holder.circle.keyring.epochs);
      const ack = record?.ok === true ? bodyToAck(record.value.payload.body) : undefined;
      for (const author of holdings.filter((other) => other !== acker)) {
        const newest = Math.max(0, ...ownSeqs(author));
        const acked = ack?.get(author.device) ?? 0;
        if (acked < newest)
          found.push(
            `${holder.friend.name} heard ${acker.friend.name} ack ${acked} of ${author.friend.name}'s ${newest}`
          );
      }
    }
  }
  return found;
};

const ownSeqs = ({ rows, device }: Holding): number[] =>
  [...rows.values()].filter((row) => row.device === device).map(({ seq }) => seq);

const hasSaidSomething = (holding: Holding): boolean => ownSeqs(holding).some((seq) => seq > 0);

/** What was said to some can be opened by exactly these, and says nothing to anybody else. */
const audiencesKept = async (holdings: readonly Holding[]): Promise<string[]> => {
  const found: string[] = [];
  for (const author of holdings) {
    for (const [slot, { to }] of author.friend.acknowledged) {
      if (to === null) continue;
      for (const holder of holdings) {
        const row = holder.rows.get(await mapKeyOf(holder.circle.keyring.current, author.device, slot));
        if (row?.kind !== kinds.private) continue;
        const record = await openRecord(row.bytes, holder.circle.keyring.epochs);
        const opened = record.ok
          ? await openPrivate(record.value.payload, holder.circle.keyring.device.agreeKeys)
          : undefined;
        const person = personOfDevice(holder.roster, holder.device);
        const may = holder === author || (person !== undefined && to.includes(person));
        if (may === (opened === undefined))
          found.push(`${holder.friend.name} ${may ? 'cannot' : 'can'} open ${author.friend.name}'s ${slot}`);
      }
    }
  }
  return found;
};

const nothingReadable = async (friends: readonly Friend[]): Promise<string[]> => {
  const stores = await Promise.all(friends.map(({ device }) => readableStores(device.factory)));
  return stores.flat().map((store) => `a secret can be read in ${store}`);
};
