/**
 * Who asks to be let in, in any circle of this device, with the words to compare.
 */
import { idToBytes } from '../../base/ids.ts';
import { comingBack, type ComingBack } from '../../care/coming-back.ts';
import type { CircleState } from '../../circle/epochs.ts';
import { deriveInvitationKeys } from '../../circle/invitation.ts';
import { openMessage, type Ask } from '../../circle/joining.ts';
import { isIn } from '../../circle/roster.ts';
import { sixWordsOf } from '../../circle/six-words.ts';
import { deviceIdOf } from '../../crypto/device.ts';
import { readInviteBody } from '../../records/bodies.ts';
import { kinds } from '../../records/kinds.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { AskRow, EnvelopeRow } from '../../store/database.ts';
import { rowsOfKind, statementRows } from '../../store/held-rows.ts';
import { openRow } from '../../store/opened-row.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export interface OpenAsk {
  readonly circle: LocalCircle;
  readonly ask: Ask;
  readonly words: readonly string[];
  /** Where they ask to be let in again; `null` for anybody else. */
  readonly comingBack: ComingBack | null;
}

interface AskRows {
  readonly row: AskRow;
  readonly invites: readonly EnvelopeRow[];
  readonly statements: readonly EnvelopeRow[];
}

export class AsksView {
  readonly #live: Live<AskRows[], OpenAsk[]>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      async () => {
        const rows = await app.database.asks.toArray();
        const open = rows.filter(({ state }) => state === 'open');
        return Promise.all(
          open.map(async (row) => ({
            row,
            invites: await rowsOfKind(app.database, row.circle, kinds.invite),
            statements: await statementRows(app.database, row.circle)
          }))
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

const readAsk = async (app: Shoulder, { row, invites, statements }: AskRows): Promise<OpenAsk[]> => {
  const circle = await app.circles.byNumber(row.circle);
  if (circle === undefined) return [];
  for (const invite of invites) {
    const record = await openRow(circle, invite);
    const body = record.ok ? readInviteBody(record.value.payload.body) : undefined;
    const keys = body === undefined ? undefined : await deriveInvitationKeys(body.secret);
    if (keys === undefined || keys.id !== row.invite) continue;
    const message = await openMessage(keys, circle.keyring.circle, row.text);
    if (message?.type !== 'ask') return [];
    return readOpenAsk(circle, message.ask, await app.rosters.stateOfRows(circle, statements));
  }
  return [];
};

/** Nothing where no answer from here would let anybody in. */
const readOpenAsk = async (circle: LocalCircle, ask: Ask, state: CircleState): Promise<OpenAsk[]> => {
  const { as, name, keys } = ask.terms;
  const ownDevice = circle.keyring.device.id;
  // A device comes in by one's own circle and a friend by any other; and whoever is out themselves lets nobody in.
  if ((as === 'device') !== circle.keyring.own || !isIn(state.roster, ownDevice)) return [];
  const words = await sixWordsOf(idToBytes(ask.id));
  const asker = { device: await deviceIdOf(keys.sign), name };
  return [{ circle, ask, words, comingBack: as === 'again' ? comingBack(state, ownDevice, asker) : null }];
};
