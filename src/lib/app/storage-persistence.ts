/**
 * Asking the browser not to throw storage away: once, as soon as there is something to lose.
 */
import type { ShoulderDatabase } from '../store/database.ts';

const askedSetting = 'storage-asked';

/** Whether storage is persistent now. Asks at most once; a refusal is remembered, not repeated. */
export const keepStorage = async (database: ShoulderDatabase): Promise<boolean> => {
  if (navigator.storage?.persist === undefined) return false;
  if (await navigator.storage.persisted()) return true;
  if ((await database.settings.get(askedSetting)) !== undefined) return false;
  await database.settings.put({ id: askedSetting, value: true });
  return navigator.storage.persist();
};
