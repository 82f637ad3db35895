/**
 * Whether "A notch truer" may be offered: switched off for good, or resting for one check-in after a no.
 *
 * Two settings that are no secret and never leave the device. What was written, and which sentence, is nowhere in them.
 * Each function throws what the disk throws.
 */
import type { ShoulderDatabase } from '../store/database.ts';

const offSetting = 'notch-off';
/** Missing, or how far the rest has come since somebody said no. */
const restSetting = 'notch-rest';
/** The check-in in which it was said is still being written; after it, the next one goes without an offer. */
type Rest = 'declined' | 'resting';

/** Whether the switch in settings is on. It is, until somebody turns it off. */
export const isNotchOn = async (database: ShoulderDatabase): Promise<boolean> =>
  (await database.settings.get(offSetting)) === undefined;

export const setNotchOn = async (database: ShoulderDatabase, on: boolean): Promise<void> => {
  if (on) await database.settings.delete(offSetting);
  else await database.settings.put({ id: offSetting, value: true });
};

/** Whether a check-in that is being written now may be offered a truer sentence. */
export const mayOfferNotch = async (database: ShoulderDatabase): Promise<boolean> => {
  const [off, rest] = await database.settings.bulkGet([offSetting, restSetting]);
  return off === undefined && rest === undefined;
};

/** "No": nothing more is offered for this check-in, nor for the next. */
export const declineNotch = async (database: ShoulderDatabase): Promise<void> => {
  await database.settings.put({ id: restSetting, value: 'declined' satisfies Rest });
};

/** A check-in was said: after the one with the no comes one without an offer, and then it may be offered again. */
export const passNotch = (database: ShoulderDatabase): Promise<void> =>
  database.transaction('rw', database.settings, async () => {
    const rest = (await database.settings.get(restSetting))?.value;
    if (rest === 'declined') await database.settings.put({ id: restSetting, value: 'resting' satisfies Rest });
    else if (rest !== undefined) await database.settings.delete(restSetting);
  });
