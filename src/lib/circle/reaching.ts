/**
 * Whether a record has reached a person, by their devices' own word (docs/protocol.md LA6).
 *
 * A ledger's version and the numbers of its records share one counter, so a record has reached a device as soon as that
 * device acked a ledger of the author's at or past the record's number. Any one device of a person is enough.
 */
import type { DeviceId } from '../base/ids.ts';
import type { Ack } from '../records/ledger.ts';
import type { RosterPerson } from './roster.ts';

export const reaches = (
  { devices }: Pick<RosterPerson, 'devices'>,
  { author, seq }: { readonly author: DeviceId; readonly seq: number },
  acks: ReadonlyMap<DeviceId, Ack>
): boolean => devices.some((device) => (acks.get(device)?.get(author) ?? 0) >= seq);
