/** Stories of a circle told with real signatures: who says what in which order, and what it makes of the circle. */
import { commitmentBytes } from '../../../src/lib/records/epoch-keys.ts';
import type { EpochId, PersonId, RecordHash } from '../../../src/lib/base/ids.ts';
import { planManifest } from '../../../src/lib/circle/due.ts';
import { reduceCircle, type CircleState, type Epoch } from '../../../src/lib/circle/epochs.ts';
import type { EpochReason, ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import { currentPeople } from '../../../src/lib/circle/roster.ts';
import type { Manifest, Statement } from '../../../src/lib/circle/statements.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { isSignedBy } from '../../../src/lib/records/opened-record.ts';
import { noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend, type Changes, type Friend } from './friends.ts';

export interface Cast {
  readonly ana: Friend;
  readonly bob: Friend;
  readonly mia: Friend;
  readonly jo: Friend;
  readonly tom: Friend;
  /** Devices of nobody in particular yet. */
  readonly tablet: Friend;
  readonly laptop: Friend;
  readonly phone: Friend;
}

export const cast = async (): Promise<Cast> => {
  const [ana, bob, mia, jo, tom, tablet, laptop, phone] = await Promise.all([0, 1, 2, 3, 5, 10, 11, 12].map(friend));
  return { ana, bob, mia, jo, tom, tablet, laptop, phone } as Cast;
};

/** Somebody's person, where this is their first device. */
export const personOf = (first: Friend): PersonId => first.device.id as string as PersonId;

export class Story {
  readonly circle: FoundedCircle;
  readonly statements: Statement[] = [];
  /** What was signed in this story or in any branch of it. */
  readonly records: Map<RecordHash, SealedRecord>;
  #minutes = 0;

  private constructor(circle: FoundedCircle, records = new Map<RecordHash, SealedRecord>()) {
    this.circle = circle;
    this.records = records;
  }

  /** Ana founds, and lets the others in. */
  static async of(...others: readonly Friend[]): Promise<Story> {
    const story = new Story(await FoundedCircle.by());
    await story.tell(story.circle.founder, await story.circle.genesis());
    for (const each of others) await story.letIn(story.circle.founder, each);
    return story;
  }

  /** The same so far, to be told on another way. */
  branch(): Story {
    const story = new Story(this.circle, this.records);
    story.statements.push(...this.statements);
    story.#minutes = this.#minutes;
    return story;
  }

  /** Everything that was said in either. */
  with(...others: readonly Story[]): Story {
    const story = this.branch();
    for (const each of others)
      for (const statement of each.statements)
        if (!story.statements.some(({ hash }) => hash === statement.hash)) story.statements.push(statement);
    story.#minutes += 1000;
    return story;
  }

  state(trusted?: EpochId): CircleState {
    return reduceCircle(this.statements.toReversed(), trusted);
  }

  get head(): Epoch {
    const { head } = this.state();
    if (head === undefined) throw new Error('a story begins with a beginning');
    return head;
  }

  /** Names of those who are in, in the order they came. */
  get names(): string[] {
    return currentPeople(this.state().roster).map(({ name }) => name);
  }

  /** Adds what somebody signed. */
  async tell(author: Friend, record: SealedRecord): Promise<Statement> {
    if (!(await isSignedBy(await this.circle.open(record), author.secrets.publicKeys.sign))) throw new Error('signed');
    const statement = await this.circle.statement(record);
    this.statements.push(statement);
    this.records.set(statement.hash, record);
    return statement;
  }

  async letIn(by: Friend, newcomer: Friend, epoch?: EpochId): Promise<Statement> {
    const changes = { said: this.#said(epoch), inviteNumber: this.#minutes };
    return this.tell(by, await this.circle.addition(by, newcomer, changes));
  }

  async addDevice(by: Friend, device: Friend, epoch?: EpochId): Promise<Statement> {
    return this.tell(by, await this.circle.addDevice(by, device, { said: this.#said(epoch) }));
  }

  async vote(by: Friend, against: Friend, epoch?: EpochId): Promise<void> {
    await this.tell(by, await this.circle.vote(by, { person: personOf(against) }, { said: this.#said(epoch) }));
  }

  async takeOff(by: Friend, device: Friend, epoch?: EpochId): Promise<void> {
    await this.tell(by, await this.circle.vote(by, { device: device.device.id }, { said: this.#said(epoch) }));
  }

  async vouch(by: Friend, device: Friend, whose: Friend): Promise<void> {
    await this.tell(by, await this.circle.rebind(by, device, personOf(whose), { said: this.#said() }));
  }

  async leave(by: Friend, words: 'stay' | 'go' = 'stay', epoch?: EpochId): Promise<void> {
    const body = words === 'go' ? { words } : {};
    await this.tell(by, await this.circle.leave(by, { ...this.#said(epoch), body }));
  }

  /** What an honest device makes of what is due. `changes`: what a hostile one makes of it. */
  async begin(by: Friend, why: EpochReason = 'changed', changes: Partial<ManifestTerms> = {}): Promise<Manifest> {
    const planned = planManifest(this.state(), by.device.id, why);
    if (planned === undefined) throw new Error(`${by.name} may begin an epoch`);
    return this.stateManifest(by, { ...planned, commit: new Uint8Array(commitmentBytes), ...changes });
  }

  /** Whatever anybody may sign. */
  async stateManifest(by: Friend, terms: ManifestTerms, changes: Changes = {}): Promise<Manifest> {
    const said = { ...this.#said(terms.parent), ...changes.said };
    const statement = await this.tell(by, await this.circle.manifest(by, terms, { ...changes, said }));
    if (statement.type !== 'manifest') throw new Error('a manifest');
    return statement;
  }

  #said(epoch?: EpochId) {
    const time = { ms: noonMs + this.#minutes++ * 60_000, count: 0 };
    return { time, epoch: epoch ?? this.state().head?.id ?? this.circle.keys.epoch };
  }
}
