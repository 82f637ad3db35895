/**
 * Who asks to be let in, in any circle of this device, with the words to compare.
 */
import { idToBytes } from '../../base/ids.ts';
import { deriveInvitationKeys } from '../../circle/invitation.ts';
import { openMessage, type Ask } from '../../circle/joining.ts';
import { sixWordsOf } from '../../circle/six-words.ts';
import { readInviteBody } from '../../records/bodies.ts';
import { kinds } from '../../records/kinds.ts';
import { openRecord } from '../../records/record.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { AskRow, EnvelopeRow } from '../../store/database.ts';
import { rowsOfKind } from '../../store/envelopes.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export interface OpenAsk {
  readonly circle: LocalCircle;
  readonly ask: Ask;
  readonly words: readonly string[];
}

interface AskRows {
  readonly row: AskRow;
  readonly invites: readonly EnvelopeRow[];
}

export class AsksView {
  readonly #live: Live<AskRows[], OpenAsk[]>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      async () => {
        const rows = await app.database.asks.toArray();
        const open = rows.filter(({ state }) => state === 'open');
        return Promise.all(
          open.map(async (row) => ({ row, invites: await rowsOfKind(app.database, row.circle, kinds.invite) }))
        );
      },
      async (rows) => (await Promise.all(rows.map((each) => readAsk(app, each)))).flat(),
      app.onProblem
    );
  }

  get current(): readonly OpenAsk[] | undefined {
    return this.#live.current;
  }
}

const readAsk = async (app: Shoulder, { row, invites }: AskRows): Promise<OpenAsk[]> => {
  const circle = await app.circles.byNumber(row.circle);
  if (circle === undefined) return [];
  for (const { bytes } of invites) {
    const record = await openRecord(bytes, circle.keyring.epochs);
    const body = record.ok ? readInviteBody(record.value.payload.body) : undefined;
    const keys = body === undefined ? undefined : await deriveInvitationKeys(body.secret);
    if (keys === undefined || keys.id !== row.invite) continue;
    const message = await openMessage(keys, circle.keyring.circle, row.text);
    if (message?.type !== 'ask') return [];
    return [{ circle, ask: message.ask, words: await sixWordsOf(idToBytes(message.ask.id)) }];
  }
  return [];
};
