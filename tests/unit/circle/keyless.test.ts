/** Epochs that nobody hands out the keys of: each device goes by what it was handed. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EpochId } from '../../../src/lib/base/ids.ts';
import { reduceCircle, type CircleState } from '../../../src/lib/circle/epochs.ts';
import { heededBy } from '../../../src/lib/circle/keyless.ts';
import { cast, Story, type Cast } from './story.ts';

let { ana, bob, mia }: Cast = {} as Cast;
let story: Story;
let founding: EpochId;

beforeAll(async () => {
  ({ ana, bob, mia } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia);
  founding = story.head.id;
});

const stateWith = (held: readonly EpochId[], keyless: readonly EpochId[]): CircleState =>
  reduceCircle(heededBy(story.statements, { held, keyless }));

describe('[EP16] an epoch that was waited for in vain', () => {
  test('is none, and neither are the next ones of whoever made it', async () => {
    const { id } = await story.begin(mia, 'tidied');
    expect(stateWith([founding], []).head?.id).toBe(id);
    expect(stateWith([founding], [id]).head?.id).toBe(founding);
    await story.begin(mia, 'tidied');
    expect(stateWith([founding], [id]).head?.id).toBe(founding);
  });

  test('counts once the keys are here, with all that led to it', async () => {
    const { id } = await story.begin(mia, 'tidied');
    expect(stateWith([founding, id], [id]).head?.id).toBe(id);
    const { id: next } = await story.begin(bob, 'tidied');
    expect(stateWith([founding, next], [id]).head?.id).toBe(next);
  });

  test("keeps nobody else's epoch from counting", async () => {
    const { id } = await story.branch().begin(mia, 'tidied');
    const { id: other } = await story.begin(ana, 'tidied');
    expect(stateWith([founding], [id]).head?.id).toBe(other);
  });

  test('changes nothing else that was said', () => {
    expect(heededBy(story.statements, { held: [founding], keyless: [founding] })).toEqual(story.statements);
  });
});
