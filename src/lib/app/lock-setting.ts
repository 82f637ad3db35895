/**
 * When the lock falls by itself: after a time without a touch, and when one leaves the app.
 *
 * Two settings that are no secret and never leave the device. Each function throws what the disk throws.
 */
import type { ShoulderDatabase } from '../store/database.ts';
import { lockAfterChoices, type LockAfter, type LockSettings } from '../ui/lock-choices.ts';

const afterSetting = 'lock-after';
const leavingSetting = 'lock-on-leaving';
const never = 0;

/** Five minutes, and not on leaving, until somebody chooses. */
export const readLockSettings = async (database: ShoulderDatabase): Promise<LockSettings> => {
  const [after, leaving] = await database.settings.bulkGet([afterSetting, leavingSetting]);
  const minutes = after?.value === never ? null : after?.value;
  const chosen = lockAfterChoices.find((choice) => choice === minutes);
  return { afterMinutes: chosen === undefined ? 5 : chosen, onLeaving: leaving !== undefined };
};

export const setLockAfter = async (database: ShoulderDatabase, minutes: LockAfter): Promise<void> => {
  await database.settings.put({ id: afterSetting, value: minutes ?? never });
};

export const setLockOnLeaving = async (database: ShoulderDatabase, on: boolean): Promise<void> => {
  if (on) await database.settings.put({ id: leavingSetting, value: true });
  else await database.settings.delete(leavingSetting);
};
