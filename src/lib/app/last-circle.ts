/**
 * The circle that was looked at last: where the app opens.
 */
import type { Shoulder } from './shoulder.ts';
import type { NamedCircle } from './views/circles-view.ts';

const setting = 'last-circle';

/** Its local ordinal; a circle with others before one's own where none was looked at yet. */
export const lastCircle = async (app: Shoulder, circles: readonly NamedCircle[]): Promise<number | undefined> => {
  const kept = (await app.database.settings.get(setting))?.value;
  const found = circles.find(({ circle }) => circle.n === kept) ?? circles.find(({ circle }) => !circle.keyring.own);
  return (found ?? circles[0])?.circle.n;
};

export const rememberCircle = async (app: Shoulder, n: number): Promise<void> => {
  await app.database.settings.put({ id: setting, value: n });
};
