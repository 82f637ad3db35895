import { describe, expect, test } from 'vitest';
import { gestures, type Gesture } from '../../../src/lib/care/answers.ts';
import { gestureSentences, gestureWords, partsText } from '../../../src/lib/ui/gesture-words.ts';
import { gestureOf, ownName } from '../../component/screen-friends.ts';

const ana = { name: 'Ana', own: false };
const own = { name: ownName, own: true };
const said = (names: readonly string[], gesture: Gesture, owner: { name: string; own: boolean }): string[] =>
  gestureSentences(
    names.map((name) => gestureOf(name, gesture)),
    owner
  ).map(({ parts }) => partsText(parts));

describe('who is with somebody', () => {
  test.each([
    ['sitting-with-you', ['Jo'], own, 'Jo is sitting with you.'],
    ['sitting-with-you', ['Jo', 'Mia'], own, 'Jo and Mia are sitting with you.'],
    ['sitting-with-you', ['Jo'], ana, 'Jo is sitting with Ana.'],
    ['sitting-with-you', ['Jo', 'Mia'], ana, 'Jo and Mia are sitting with Ana.'],
    ['sitting-with-you', [ownName], ana, 'You are sitting with Ana.'],
    ['sitting-with-you', ['Jo', ownName], ana, 'You and Jo are sitting with Ana.'],
    ['i-see-you', ['Jo'], own, 'Jo sees you.'],
    ['i-see-you', ['Jo', 'Mia'], own, 'Jo and Mia see you.'],
    ['i-see-you', ['Jo'], ana, 'Jo sees Ana.'],
    ['i-see-you', [ownName], ana, 'You see Ana.'],
    ['thinking-of-you', ['Jo'], own, 'Jo is thinking of you.'],
    ['thinking-of-you', ['Jo', ownName, 'Mia'], ana, 'You, Jo, and Mia are thinking of Ana.'],
    ['me-too', ['Jo'], own, 'Jo: me too.'],
    ['me-too', ['Jo', ownName], ana, 'You and Jo: me too.']
  ] as const)('%s by %s', (gesture, names, owner, sentence) => {
    expect(said(names, gesture, owner)).toEqual([sentence]);
  });

  test('nobody is nothing', () => {
    expect(gestureSentences([], ana)).toEqual([]);
  });

  test('one sentence a gesture, in the order they are offered, whoever was first', () => {
    const given = [
      gestureOf('Jo', 'thinking-of-you'),
      gestureOf('Mia', 'i-see-you'),
      gestureOf('Sam', 'thinking-of-you')
    ];
    expect(gestureSentences(given, own).map(({ parts }) => partsText(parts))).toEqual([
      'Mia sees you.',
      'Jo and Sam are thinking of you.'
    ]);
  });

  test('a name stays a name, whatever stands in it, and the same twice', () => {
    const hostile = '\uE0000\uE000\uE001{friend}</bdi>';
    const [sentence] = gestureSentences([gestureOf(hostile, 'i-see-you')], { name: hostile, own: false });
    const names = sentence?.parts.filter(({ isName }) => isName).map(({ text }) => text) ?? [];
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toContain('{friend}</bdi>');
    expect(sentence?.parts.filter(({ isName }) => !isName).map(({ text }) => text)).toEqual([' sees ', '.']);
  });

  test('a right-to-left name brings its isolates into plain text', () => {
    expect(said(['يوسف'], 'me-too', ana)).toEqual(['\u2068يوسف\u2069: me too.']);
  });
});

test('the buttons say what was agreed', () => {
  expect(gestures.map(gestureWords)).toEqual(['I see you', 'me too', 'sitting with you', 'thinking of you']);
});
