/**
 * Opening what stands on the disk. Another tab may have moved the circle on and sealed it anew under keys that this one does not
 * hold yet: then they are fetched, and it is tried once more.
 */
import type { EnvelopeError } from '../records/opened-envelope.ts';
import type { Result } from '../base/result.ts';
import { openRecord, type OpenedRecord } from '../records/opened-record.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow } from './database.ts';

/** Errors: as `openRecord`. `NotOpened` is also what was read before the circle moved on and deleted older keys: read it again. */
export const openRow = async (
  circle: LocalCircle,
  { bytes }: Pick<EnvelopeRow, 'bytes'>
): Promise<Result<OpenedRecord, EnvelopeError>> => {
  const tried = circle.keyring;
  const opened = await openRecord(bytes, tried.epochs);
  if (opened.ok || opened.error.type !== 'NotOpened') return opened;
  await circle.refresh();
  // Whoever asked first has fetched them for all.
  return circle.keyring === tried ? opened : openRecord(bytes, circle.keyring.epochs);
};
