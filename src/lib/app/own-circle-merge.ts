/**
 * One own circle on a device: what was said in an earlier one is said again in the latest (docs/protocol.md HT4, OD5), and the earlier
 * one goes. A device comes to have two when it is taken along into another one's, or is kept where the other is not.
 */
import { ok, type Result } from '../base/result.ts';
import { latestOwn } from './commands/circles.ts';
import { forgetCircle } from '../store/forgetting.ts';
import { readRoster } from '../store/rosters.ts';
import { backupFormat, backupVersion, type Backup, type BackupSaid } from './backup/format.ts';
import type { BackupApp } from './backup/gather.ts';
import { ownWords } from './backup/own-words.ts';
import { restoreBackup, type RestoreError } from './backup/restore.ts';

/** Cut off anywhere, the next time brings the rest along. Errors: what the disk refuses. */
export const joinOwnCircles = async (app: BackupApp): Promise<Result<void, RestoreError>> => {
  const own = (await app.circles.all()).filter(({ keyring }) => keyring.own);
  const latest = latestOwn(own);
  for (const circle of own) {
    if (latest === undefined || circle === latest) continue;
    const said: BackupSaid[] = [];
    const roster = await readRoster(app.database, circle);
    for await (const page of ownWords(app, circle, roster)) said.push(...page.said);
    const { circle: id } = latest.keyring;
    const backup: Backup = {
      ...{ format: backupFormat, version: backupVersion, madeAt: new Date(app.clock.nowMs()).toISOString() },
      settings: { notch: true, ownNetworkOnly: false },
      feelings: [],
      circles: [{ id, own: true, name: '', people: [], relays: [], said }]
    };
    const progress = { signal: new AbortController().signal, onProgress: () => undefined };
    const restored = await restoreBackup(app, backup, progress);
    if (!restored.ok) return restored;
    await forgetCircle(app.database, circle.n);
    app.circles.forget(circle.n);
  }
  return ok(undefined);
};
