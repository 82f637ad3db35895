/**
 * The catalogue speaks as Shoulder does, and the sentences that others rely on are word for word what was agreed.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const catalogue = JSON.parse(
  readFileSync(new URL('../../../src/i18n/messages/en.json', import.meta.url), 'utf8')
) as Record<string, string>;
const entries = Object.entries(catalogue).filter(([key]) => key !== '$schema');

describe('the English catalogue', () => {
  test.each([
    ['an exclamation mark', /!/],
    ['a cheerful accident', /\b(oops|whoops|uh-oh|yikes)\b/i],
    ['praise', /\b(great job|well done|awesome|congrat\w*|yay)\b/i],
    ['a "user" or a "client"', /\b(users?|clients?)\b/i],
    ['a clinical term', /\b(patient|symptoms?|disorder|diagnos\w+|depress\w+|therapy|mental health)\b/i],
    ['how one should feel', /\byou should (feel|be)\b|\bcheer up\b|\bdon't worry\b/i],
    ["a machine's apology", /\b(error|failed|invalid|something went wrong|sorry)\b/i],
    ['pressure', /\b(streak|score|overdue|late|missed)\b/i],
    ['words that hurt about suicide', /committed suicide|successful suicide|failed (suicide|attempt)|suicide attempt/i],
    ['a promise no app can keep', /panic button/i],
    ['an emoji', /\p{Extended_Pictographic}/u],
    ['three dots for drama', /\.\.\./],
    ['space at an end, or twice', /^\s|\s$| {2}/]
  ])('never contains %s', (_, pattern) => {
    expect(entries.filter(([, sentence]) => pattern.test(sentence))).toEqual([]);
  });

  test('has keys in snake_case and no empty sentence', () => {
    for (const [key, sentence] of entries) {
      expect(key).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
      expect(sentence.length).toBeGreaterThan(0);
    }
  });

  test('says the agreed names exactly', () => {
    const agreed: Record<string, string> = {
      question: 'How are you, really?',
      pleasantness: 'Pleasantness',
      energy: 'Energy',
      composer_words: 'In your own words',
      composer_help: 'What would help',
      composer_say: 'Say it',
      composer_save: 'Save',
      after_just_me: 'Just me for now',
      after_start: 'Start a circle',
      after_invited: 'I was invited',
      your_name: 'Your name',
      circle_name: 'Circle name',
      start_create: 'Create circle',
      invite_friend: 'Invite a friend',
      invite_link: 'Invite link',
      invite_copy: 'Copy link',
      join_paste: 'Paste your invite',
      join_ask: 'Ask to join',
      join_words: 'Six words',
      request_heading: '{name} would like to join',
      request_yes: "Yes, that's {name}",
      request_no: "No, that's someone else",
      circles: 'Circles',
      board: 'Board',
      card_own: 'You',
      card_change: 'Change',
      card_unsay: 'Unsay',
      card_unsay_confirm: 'Unsay it',
      circle_connected: 'Connected to {names}',
      circle_offline: 'Offline',
      circle_alone: 'Connected to nobody right now'
    };
    expect(Object.fromEntries(Object.keys(agreed).map((key) => [key, catalogue[key]]))).toEqual(agreed);
    expect(catalogue['invite_sentence']).toMatch(/^For one friend\./);
  });
});
