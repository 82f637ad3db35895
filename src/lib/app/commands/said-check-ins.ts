/**
 * What becomes of a check-in after it was said: corrected, taken back, shared.
 */
import type { Result } from '../../base/result.ts';
import type { CheckInRecord } from '../../care/board.ts';
import { checkCheckIn, checkInToBody, type CheckIn } from '../../care/check-in.ts';
import { kinds } from '../../records/kinds.ts';
import type { SealedRecord } from '../../records/record.ts';
import type { SayError } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { Shoulder } from '../shoulder.ts';
import { sayCheckIn, type CheckInError } from './check-ins.ts';
import { sayTo, takeBack } from './saying.ts';

/** Corrects a check-in in its own place: when it was said, who sees it and how long it stays remain. */
export const changeCheckIn = async (
  app: Shoulder,
  circle: LocalCircle,
  { slot, body, time, to, expMs }: CheckInRecord,
  draft: CheckIn
): Promise<Result<SealedRecord, CheckInError>> => {
  const checked = checkCheckIn(draft);
  if (!checked.ok) return checked;
  const mark = { id: body.id, lasting: body.lasting, saidAtMs: body.said ?? time.ms };
  return sayTo(app, circle, { kind: kinds.checkIn, body: checkInToBody(checked.value, mark), to, slot, expMs });
};

/** Takes a check-in back, on every phone that hears of it. */
export const unsayCheckIn = (
  app: Shoulder,
  circle: LocalCircle,
  { slot }: CheckInRecord
): Promise<Result<SealedRecord, SayError>> => takeBack(app, circle, slot);

/** Shares a check-in that was only one's own so far. */
export const shareCheckIn = (
  app: Shoulder,
  circle: LocalCircle,
  checkIn: CheckIn
): Promise<Result<SealedRecord, CheckInError>> =>
  sayCheckIn(app, circle, { ...checkIn, audience: { type: 'circle' }, lasting: 'next' });
