/**
 * Gathering a backup: the text of `shoulder.json`, made page by page into a blob, which the browser may keep on disk.
 */
import type { Random } from '../../base/random.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { personOfDevice, type Roster } from '../../circle/roster.ts';
import type { Author } from '../../store/author.ts';
import type { Circles, LocalCircle } from '../../store/circles.ts';
import type { Drafts } from '../../store/drafts.ts';
import type { Vault } from '../../store/vault.ts';
import { readRoster } from '../../store/rosters.ts';
import { openRoutes, queryRoutes } from '../../store/routes.ts';
import { isNotchOn } from '../notch-setting.ts';
import { OwnFeelings } from '../own-feelings.ts';
import { isOwnNetworkOnly } from '../own-network-setting.ts';
import { backupFormat, backupVersion, recordKey, type BackupCircle } from './format.ts';
import { ownRecordCount, ownWords, type WordsApp } from './own-words.ts';
import { readRestored } from './restored-circles.ts';

/** What of the open app this needs: `Shoulder` is one. */
export interface BackupApp extends WordsApp {
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
  readonly drafts: Drafts;
  readonly random: Random;
}

export interface Progress {
  readonly signal: AbortSignal;
  /** Things looked at, of all there are. */
  readonly onProgress: (done: number, total: number) => void;
}

/** What a backup would hold right now, as UTF-8 text of version 1. Throws what the disk throws. */
export const gatherBackup = async (
  app: BackupApp,
  { signal, onProgress }: Progress
): Promise<Result<Blob, { readonly type: 'Cancelled' }>> => {
  const restored = await readRestored(app);
  const circles = await Promise.all(
    (await app.circles.all()).map(async (circle) => ({ circle, roster: await readRoster(app.database, circle) }))
  );
  const counts = await Promise.all(circles.map(({ circle, roster }) => ownRecordCount(app, circle, roster)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let done = 0;
  let text = new Blob([await headText(app)]);
  /** A blob of blobs refers to its parts: what was written does not stay in the page's memory. */
  const write = (piece: string): void => void (text = new Blob([text, piece]));
  const alone = [...restored.values()].filter(({ id }) => !circles.some(({ circle }) => circle.keyring.circle === id));
  let first = true;
  for (const { circle, roster } of circles) {
    const list = new JsonList(write);
    write(`${first ? '' : ','}\n${openCircle(await circleHead(app, circle, roster))}`);
    first = false;
    const known = new Set<string>();
    for await (const { said, seen } of ownWords(app, circle, roster)) {
      if (signal.aborted) return err({ type: 'Cancelled' });
      said.forEach((entry) => known.add(recordKey(entry)));
      list.add(said);
      onProgress((done += seen), total);
    }
    list.add((restored.get(circle.keyring.circle)?.said ?? []).filter((entry) => !known.has(recordKey(entry))));
    write(']}');
  }
  for (const { said, ...head } of alone) {
    if (signal.aborted) return err({ type: 'Cancelled' });
    write(`${first ? '' : ','}\n${openCircle(head)}`);
    first = false;
    new JsonList(write).add(said);
    write(']}');
  }
  write('\n]}\n');
  return ok(text);
};

/** Whether there is anything that a backup could bring back. */
export const hasSomethingToLose = async ({ database }: Pick<BackupApp, 'database'>): Promise<boolean> =>
  (await database.circles.count()) > 0 || (await database.restored.count()) > 0;

type CircleHead = Omit<BackupCircle, 'said'>;

/** Everything before the circles, with their list begun. */
const headText = async (app: BackupApp): Promise<string> => {
  const [notch, ownNetworkOnly, feelings] = await Promise.all([
    isNotchOn(app.database),
    isOwnNetworkOnly(app.database),
    new OwnFeelings(app.drafts).read()
  ]);
  const head = {
    format: backupFormat,
    version: backupVersion,
    madeAt: new Date(app.clock.nowMs()).toISOString(),
    settings: { notch, ownNetworkOnly },
    feelings
  };
  return `${JSON.stringify(head).slice(0, -1)},"circles":[`;
};

const circleHead = async (app: BackupApp, circle: LocalCircle, roster: Roster): Promise<CircleHead> => {
  const { keyring } = circle;
  const you = personOfDevice(roster, keyring.device.id);
  const { relays } = await openRoutes(circle, await queryRoutes(app.database, circle.n), []);
  return {
    id: keyring.circle,
    own: keyring.own,
    name: roster.circleName,
    ...(you === undefined ? {} : { you }),
    people: keyring.own ? [] : roster.people.map(({ id, name, left }) => ({ id, name, left })),
    relays: [...relays]
  };
};

const openCircle = (head: CircleHead): string => `${JSON.stringify(head).slice(0, -1)},"said":[`;

/** A JSON list that is written piece by piece, one entry a line. */
class JsonList {
  readonly #write: (piece: string) => void;
  #isEmpty = true;

  constructor(write: (piece: string) => void) {
    this.#write = write;
  }

  add(entries: readonly unknown[]): void {
    if (entries.length === 0) return;
    const lines = entries.map((entry) => `\n${JSON.stringify(entry)}`).join(',');
    this.#write(this.#isEmpty ? lines : `,${lines}`);
    this.#isEmpty = false;
  }
}
