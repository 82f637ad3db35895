/**
 * The circle that was looked at last: where the app opens.
 */
import type { Shoulder } from './shoulder.ts';

const setting = 'last-circle';

/** Its local ordinal; a circle with others before one's own where none was looked at yet, `undefined` without any. */
export const lastCircle = async (app: Shoulder): Promise<number | undefined> => {
  const [circles, kept] = await Promise.all([app.circles.all(), app.database.settings.get(setting)]);
  const found = circles.find(({ n }) => n === kept?.value) ?? circles.find(({ keyring }) => !keyring.own);
  return (found ?? circles[0])?.n;
};

export const rememberCircle = async (app: Shoulder, n: number): Promise<void> => {
  await app.database.settings.put({ id: setting, value: n });
};
