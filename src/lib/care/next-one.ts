/**
 * "Until my next one", said on one device, when the next one is said on another of the same person's.
 *
 * A device ends its own by itself (`endedByNext`), and can't end another's, whose slots are not its to write. So whoever reads leaves
 * them out: the same on every device that holds the same.
 */
import type { DeviceId, RecordHash } from '../base/ids.ts';
import { personOfDevice, type Roster } from '../circle/roster.ts';
import type { HybridTime } from '../records/hybrid-time.ts';
import { byTime } from './answers.ts';
import { endedByNext, type Standing } from './audience.ts';

/** A check-in, as far as it may end others or be ended. */
export interface EndingCheckIn extends Standing {
  readonly device: DeviceId;
  readonly time: HybridTime;
  readonly hash: RecordHash;
  readonly body: Standing['body'] & { readonly said?: number | undefined };
}

/**
 * Check-ins without those that were to stay until the next one, where a later one of their person's is among them that everybody can
 * read who can read those (docs/protocol.md AN9). Later is what was said later at first: a correction is no next one. What a backup or
 * another own circle brought back (HT4) stays.
 */
export const withoutEnded = <C extends EndingCheckIn>(checkIns: readonly C[], roster: Roster): readonly C[] => {
  const isOfOne = (a: DeviceId, b: DeviceId): boolean => personOfDevice(roster, a) === personOfDevice(roster, b);
  return checkIns.filter((record) => {
    if (record.body.lasting !== 'next' || record.body.said === record.time.ms) return true;
    return !checkIns.some(
      (later) =>
        isOfOne(later.device, record.device) && isLater(later, record) && endedByNext(later.to, [record]).length > 0
    );
  });
};

const isLater = (one: EndingCheckIn, other: EndingCheckIn): boolean =>
  (firstSaidMs(one) - firstSaidMs(other) || byTime(one, other)) > 0;

/** When it was first said, milliseconds since 1970: a correction can't claim to be younger than itself. */
export const firstSaidMs = ({ body, time }: Pick<EndingCheckIn, 'body' | 'time'>): number =>
  Math.min(body.said ?? time.ms, time.ms);
