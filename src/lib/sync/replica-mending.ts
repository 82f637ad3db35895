/**
 * Putting a replica right by the truth: what is live there and missing, damaged or older here (docs/protocol.md RE4, EP9).
 */
import type { MapKey } from '../base/ids.ts';
import type { EnvelopeRow } from '../store/database.ts';
import { fadedKind } from '../store/fading.ts';
import type { Replica } from './replica.ts';
import type { ReplicaHealth } from './replica-health.ts';

export interface Mending {
  readonly health: ReplicaHealth;
  /** Came by mail and is newer than what the replica holds. */
  readonly mailed: ReadonlySet<MapKey>;
  readonly nowMs: number;
  readonly isCarried: (row: EnvelopeRow) => boolean;
}

/** `truth`: the circle's rows, page by page. What nothing true stands behind goes. */
export const mendReplica = async (
  replica: Replica,
  truth: AsyncIterable<readonly EnvelopeRow[]>,
  { health, mailed, nowMs, isCarried }: Mending
): Promise<void> => {
  for await (const page of truth) {
    const live = page.filter(
      (row) => row.kind !== fadedKind && (row.exp === undefined || row.exp > nowMs) && isCarried(row)
    );
    const missing = live.filter(
      ({ key }) => health.isDamaged(key) || mailed.has(key) || replica.get(key) === undefined
    );
    if (missing.length > 0) replica.put(missing.map(({ key, bytes }) => [key, bytes]));
    live.forEach(({ key }) => health.mend(key));
  }
  replica.remove([...health.takeRubbish(), ...replica.strayKeys()]);
};
