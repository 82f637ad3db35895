/**
 * Which relays a circle uses: what was said about it, made into one answer (docs/protocol.md RT1–RT4).
 *
 * Any member may choose; the latest choice counts. Relays that it left are served until every friend's phone has heard of
 * it, or those who only look there would wait for ever; so would whoever asks by a link that names them.
 */
import type { DeviceId, RecordHash } from '../base/ids.ts';
import { circleRelaysMax } from '../base/limits.ts';
import { compareHybridTime, type HybridTime } from '../records/hybrid-time.ts';
import type { Ack } from '../records/ledger.ts';
import type { RoutesBody } from '../records/routes-body.ts';
import { reaches } from './reaching.ts';
import { currentPeople, type Roster } from './roster.ts';

/** A choice, as a record of some device. */
export interface RoutesRecord {
  readonly device: DeviceId;
  readonly seq: number;
  readonly time: HybridTime;
  readonly hash: RecordHash;
  readonly body: RoutesBody;
}

export interface CircleRoutes {
  /** What was chosen; `null` where nobody chose, and the circle uses what it began with. */
  readonly chosen: readonly string[] | null;
  /** Left, and still served. */
  readonly left: readonly string[];
}

/**
 * RT2: the latest choice counts, of two at one moment the one with the higher hash. RT3: what it left is served until all have it and no
 * invitation from before stands. `invited`: when each of those was made that stand.
 */
export const routesOf = (
  records: readonly RoutesRecord[],
  roster: Roster,
  acks: ReadonlyMap<DeviceId, Ack>,
  invited: readonly HybridTime[]
): CircleRoutes => {
  const latest = records.toSorted((a, b) => compareHybridTime(b.time, a.time) || (a.hash < b.hash ? 1 : -1))[0];
  if (latest === undefined) return { chosen: null, left: [] };
  const { relays, left } = latest.body;
  const own = roster.devicesById.get(latest.device)?.person;
  const everyoneHasIt = currentPeople(roster).every(
    (person) => person.id === own || reaches(person, { author: latest.device, seq: latest.seq }, acks)
  );
  const isAskedThere = invited.some((time) => compareHybridTime(time, latest.time) < 0);
  return { chosen: relays, left: everyoneHasIt && !isAskedThere ? [] : left.filter((url) => !relays.includes(url)) };
};

/** RT1: the body of a choice that takes the place of these routes: what is left is whatever was served and is not chosen. */
export const chooseRelays = (relays: readonly string[], served: readonly string[]): RoutesBody => ({
  relays: [...relays],
  left: served.filter((url) => !relays.includes(url)).slice(0, 2 * circleRelaysMax)
});
