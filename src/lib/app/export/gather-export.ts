/**
 * Gathering a readable copy: everything this person can read on this device, as one archive (docs/export.md).
 *
 * Nothing of it is closed: whoever has it can read it. Read page by page, written into blobs, which the browser may keep on disk.
 */
import { makeZip } from 'client-zip';
import { err, ok, type Result } from '../../base/result.ts';
import { personOfDevice } from '../../circle/roster.ts';
import { m } from '../../i18n/messages.js';
import { feelingWord } from '../../ui/feeling-words.ts';
import { helpWords } from '../../ui/help-words.ts';
import { helps } from '../../care/check-in.ts';
import { shownName } from '../../ui/names.ts';
import { readRoster } from '../../store/rosters.ts';
import type { Progress } from '../backup/gather.ts';
import { readRestored } from '../backup/restored-circles.ts';
import type { Shoulder } from '../shoulder.ts';
import { circleTitle, dayHead, pageHead, threadText, type ExportedCircle } from './circle-page.ts';
import { csvLine, csvMark } from './csv.ts';
import { fileNames } from './export-name.ts';
import { SortedPieces } from './sorted-pieces.ts';
import { threadsOf, threadsWork, type ExportEntry, type Thread } from './threads.ts';

export type ExportApp = Pick<Shoulder, 'database' | 'vault' | 'circles' | 'drafts' | 'clock' | 'openedRecords'>;

export const exportFormat = 'shoulder-export';
export const exportVersion = 1;

/** Throws what the disk throws. */
export const gatherExport = async (
  app: ExportApp,
  { signal, onProgress }: Progress
): Promise<Result<Blob, { readonly type: 'Cancelled' }>> => {
  const sources = await sourcesOf(app);
  const total = sources.reduce((sum, { work }) => sum + work, 0);
  const made = { madeAtMs: app.clock.nowMs(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const checkIns = new SortedPieces();
  const circles: CircleFiles[] = [];
  let done = 0;
  for (const { circle, read } of sources) {
    const [page, json] = [new SortedPieces(), new SortedPieces()];
    for await (const { threads, seen } of read()) {
      if (signal.aborted) return err({ type: 'Cancelled' });
      for (const thread of threads) {
        const atMs = Date.parse(thread.said.at);
        page.add(atMs, threadText(thread, circle));
        json.add(atMs, JSON.stringify(toJson(thread)));
        if (thread.said.kind === 'checkIn') checkIns.add(atMs, csvLine(csvFields(thread.said, circle)));
      }
      onProgress((done += seen), total);
    }
    circles.push({
      circle,
      page: new Blob([pageHead(circle, made), ...page.inOrder(dayHead)]),
      json: new Blob([`${JSON.stringify(circle).slice(0, -1)},"said":[`, ...json.inOrder(comma), ']}'])
    });
  }
  const csv = new Blob([csvMark, csvLine(csvHead), ...checkIns.inOrder(() => '')]);
  const archive = await new Response(makeZip(filesOf(circles, csv, made))).blob();
  return signal.aborted ? err({ type: 'Cancelled' }) : ok(new Blob([archive], { type: 'application/zip' }));
};

interface CircleFiles {
  readonly circle: ExportedCircle;
  readonly page: Blob;
  readonly json: Blob;
}

interface Source {
  readonly circle: ExportedCircle;
  readonly work: number;
  readonly read: () => AsyncIterable<{ readonly threads: readonly Thread[]; readonly seen: number }>;
}

/** One's own circle first, then the others, then what a backup brought back. */
const sourcesOf = async (app: ExportApp): Promise<Source[]> => {
  const circles = await app.circles.all();
  const live = await Promise.all(
    circles.map(async (circle): Promise<Source> => {
      const roster = await readRoster(app.database, circle);
      const { keyring } = circle;
      const people = keyring.own ? [] : roster.people.map(({ id, name, left }) => ({ id, name, left }));
      const you = personOfDevice(roster, keyring.device.id);
      const described = { id: keyring.circle, own: keyring.own, name: roster.circleName, people, fromBackup: false };
      return {
        circle: you === undefined ? described : { ...described, you },
        work: await threadsWork(app, circle),
        read: () => threadsOf(app, circle, roster)
      };
    })
  );
  const restored = [...(await readRestored(app)).values()].map(({ said, id, own, name, you, people }): Source => {
    const described = { id, own, name, people, fromBackup: true };
    const threads = said.map(({ record: _, ...entry }): Thread => {
      const readable = entry as ExportEntry;
      return { said: you === undefined ? readable : { ...readable, by: you }, answers: [] };
    });
    return {
      circle: you === undefined ? described : { ...described, you },
      work: said.length,
      read: () => oneStep(threads)
    };
  });
  return [...live.filter(({ circle }) => circle.own), ...live.filter(({ circle }) => !circle.own), ...restored];
};

async function* oneStep(threads: readonly Thread[]) {
  yield { threads, seen: threads.length };
}

/** The archive's files, one after the other: nothing but the one at hand is read. */
function* filesOf(circles: readonly CircleFiles[], csv: Blob, { madeAtMs, zone }: { madeAtMs: number; zone: string }) {
  const lastModified = new Date(madeAtMs);
  const names = fileNames(circles.map(({ circle }) => circleTitle(circle)));
  for (const [i, { page }] of circles.entries()) yield { name: `${names[i]}.md`, input: page, lastModified };
  yield { name: 'check-ins.csv', input: csv, lastModified };
  const head = { format: exportFormat, version: exportVersion, madeAt: lastModified.toISOString(), timeZone: zone };
  const parts = circles.flatMap(({ json }, i): BlobPart[] => (i === 0 ? ['\n', json] : [',\n', json]));
  const text = new Blob([`${JSON.stringify(head).slice(0, -1)},"circles":[`, ...parts, '\n]}\n']);
  yield { name: 'shoulder.json', input: text, lastModified };
}

const comma = (_: number, lastMs: number | null): string => (lastMs === null ? '\n' : ',\n');

const toJson = ({ said, answers }: Thread): object => (answers.length === 0 ? said : { ...said, answers });

const csvHead = ['date', 'circle', 'person', 'pleasantness', 'energy', 'feelings', 'words', 'help', 'until'];

const csvFields = (
  said: Extract<ExportEntry, { kind: 'checkIn' }>,
  circle: ExportedCircle
): readonly (string | number | null)[] => {
  const help = helps.find((each) => each === said.help);
  const isOwn = circle.own || said.by === circle.you;
  return [
    said.at,
    circleTitle(circle),
    isOwn ? m.card_own() : shownName(circle.people.find(({ id }) => id === said.by)?.name ?? ''),
    said.point?.pleasantness ?? null,
    said.point?.energy ?? null,
    said.feelings.map(feelingWord).join(', '),
    said.words,
    help === undefined ? null : helpWords(help),
    said.until ?? null
  ];
};
