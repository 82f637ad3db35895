/** Being there: presence, a few words, advice only where it is asked for, and what is between two and nobody else. */
import { systemClock } from '../../src/lib/base/clock.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import {
  askToTalk,
  backToBoard,
  card,
  expect,
  openCard,
  openedCard,
  reply,
  sayBeenThere,
  seeWords,
  test,
  writeLetter
} from './friends.ts';
import { gatherThree, reachOut, shownReply, tapGesture, withClock } from './harness/three-friends.ts';
import { countKept } from './kept.ts';

test('Bob sits with Ana, and thinks along only after her yes @firefox', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone, { words: 'I said I was fine. I am not.', help: 'hear me' });
  await openCard(bob, 'Ana');
  await tapGesture(bob, 'sitting with you', true);
  await expect(openedCard(bob)).toContainText('You are sitting with Ana.');
  await expect(card(ana, 'You')).toContainText('Bob is sitting with you.');
  await expect(card(mia, 'Ana')).toContainText('Bob is sitting with Ana.');
  await tapGesture(bob, 'sitting with you', false);
  await expect(openedCard(bob)).not.toContainText('sitting with Ana');
  await expect(card(ana, 'You')).not.toContainText('sitting with');
  await expect(card(mia, 'Ana')).not.toContainText('sitting with');

  await expect(openedCard(bob)).toContainText("Ana asked to be heard. Advice isn't open on this one.");
  await reply(bob, 'Ana', 'I hear you.');
  await expect(card(ana, 'You')).toContainText('Bob wrote back.');
  await expect(card(mia, 'Ana')).toContainText('Bob wrote back.');
  await openCard(mia, 'Ana');
  await expect(shownReply(mia, 'I hear you.')).toContainText('Bob');
  await openCard(ana, 'You');
  await expect(shownReply(ana, 'I hear you.')).toContainText('Bob');

  // The question goes to Ana alone: Mia's phone carries it closed, and says nothing of it.
  await openedCard(bob).getByRole('button', { name: 'Would thinking along help?' }).click();
  await expect(openedCard(bob)).toContainText('You asked. Ana decides.');
  await expect(openedCard(ana)).toContainText('Bob asks: would thinking along help?');
  await expect.poll(() => countKept(mia, kinds.private)).toBe(1);
  await expect(openedCard(mia)).toContainText("Ana asked to be heard. Advice isn't open on this one.");
  await expect(openedCard(mia)).not.toContainText('Bob asks');
  await expect(openedCard(mia).getByRole('button', { name: 'Would thinking along help?' })).toBeVisible();
  await openedCard(bob).getByRole('button', { name: 'A few words …' }).click();
  await expect(openedCard(bob).getByRole('button', { name: 'This thinks along' })).toHaveCount(0);

  await openedCard(ana).getByRole('button', { name: 'Yes', exact: true }).click();
  await expect(openedCard(ana)).toContainText('Thinking along is open on this one.');
  await expect(openedCard(bob)).toContainText('Ana said yes to thinking along here.');
  await expect(openedCard(mia)).toContainText('Ana said yes to thinking along here.');
  await openedCard(bob).getByRole('button', { name: 'This thinks along' }).click();
  await openedCard(bob).getByRole('textbox', { name: 'A few words to Ana' }).fill('Could you tell them on Monday?');
  await openedCard(bob).getByRole('button', { name: 'Say it' }).click();
  for (const page of [ana, bob, mia]) {
    await expect(shownReply(page, 'Could you tell them on Monday?')).toContainText('thinking along');
    await expect(shownReply(page, 'I hear you.')).not.toContainText('thinking along');
  }

  // "That helped" goes back to Bob and to nobody else.
  const helped = shownReply(ana, 'I hear you.').getByRole('button', { name: 'That helped' });
  await helped.click();
  await expect(helped).toHaveAttribute('aria-pressed', 'true');
  await expect(shownReply(ana, 'I hear you.')).toContainText('Only Bob hears it.');
  await expect(shownReply(bob, 'I hear you.')).toContainText('That helped Ana.');
  await expect.poll(() => countKept(mia, kinds.private)).toBe(2);
  await expect(openedCard(mia)).not.toContainText('helped');
  await helped.click();
  await expect(shownReply(bob, 'I hear you.')).not.toContainText('helped');
});

test('words that come with "me too" are heard only when Ana likes to, and by nobody else', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone, { words: 'My father is ill again.', help: 'hear me' });
  const words = 'It was my mother, two years ago.';
  await openCard(bob, 'Ana');
  await sayBeenThere(bob, 'Ana', words);
  await expect(openedCard(bob)).toContainText('Only Ana gets this, and chooses whether to hear it.');
  await expect(card(ana, 'You')).toContainText('Bob: me too.');
  await expect(card(mia, 'Ana')).toContainText('Bob: me too.');
  await openCard(ana, 'You');
  await expect(openedCard(ana)).toContainText('Bob has been there too. Would you like to hear?');
  await expect(ana.getByText(words)).toHaveCount(0);
  await openedCard(ana).getByRole('button', { name: 'Not now' }).click();
  await expect(openedCard(ana)).toContainText("Bob's words are still here.");
  await ana.reload();
  await expect(openedCard(ana)).toContainText("Bob's words are still here.");
  await expect(ana.getByText(words)).toHaveCount(0);
  await openedCard(ana).getByRole('button', { name: 'Hear', exact: true }).click();
  await expect(openedCard(ana).getByText(words)).toBeVisible();
  await ana.reload();
  await expect(openedCard(ana).getByText(words)).toBeVisible();
  await openedCard(ana)
    .getByRole('listitem')
    .filter({ hasText: words })
    .getByRole('button', { name: 'That helped' })
    .click();
  await expect(openedCard(bob)).toContainText('That helped Ana.');

  await expect.poll(() => countKept(mia, kinds.private)).toBe(2);
  await openCard(mia, 'Ana');
  await expect(openedCard(mia)).toContainText('Bob: me too.');
  await expect(mia.getByText(words)).toHaveCount(0);
  await expect(openedCard(mia)).not.toContainText('been there');
  await expect(openedCard(mia)).not.toContainText('helped');
});

test('Ana asks Bob if they can talk; nobody else hears of it', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  const miaBefore = await mia.getByRole('main').innerText();
  await openCard(ana, 'Bob');
  await askToTalk(ana, 'Bob', 'It is bad tonight. Can we talk?');
  await expect(openedCard(ana)).toContainText(
    "When Bob next opens Shoulder, this is there. If it can't wait, call Bob."
  );
  await backToBoard(ana);
  const own = reachOut(ana, 'You asked Bob if you can talk.');
  await expect(own).toContainText("If it can't wait, call Bob.");

  const asked = reachOut(bob, 'Ana asks: can we talk?');
  await expect(asked).toContainText('It is bad tonight. Can we talk?');
  await expect(asked.getByRole('button')).toHaveText(['Now', 'Tonight', 'Not today, but I see you']);
  await asked.getByRole('button', { name: 'Tonight' }).click();
  await expect(asked).toContainText('You answered: tonight.');
  await expect(own).toContainText('Bob: tonight.');
  await asked.getByRole('button', { name: 'Answer differently' }).click();
  await asked.getByRole('button', { name: 'Now', exact: true }).click();
  await expect(own).toContainText('Bob: now.');

  await own.getByRole('button', { name: "It's all right again" }).click();
  await expect(own).toHaveCount(0);
  await expect(asked).toHaveCount(0);
  await openCard(bob, 'Ana');
  await expect(openedCard(bob)).toContainText("Ana says it's all right again.");
  await openCard(ana, 'Bob');
  await expect(openedCard(ana)).toContainText("You said it's all right again.");

  // The question and the answer, each in one slot: both are on Mia's phone, and nothing is on her board or on any card.
  await expect.poll(() => countKept(mia, kinds.private)).toBe(2);
  expect(await mia.getByRole('main').innerText()).toBe(miaBefore);
  for (const friend of ['Ana', 'Bob']) {
    await openCard(mia, friend);
    await expect(openedCard(mia)).not.toContainText('tonight');
    await expect(openedCard(mia)).not.toContainText('all right');
    await expect(
      openedCard(mia)
        .getByRole('region', { name: `Only between you and ${friend}` })
        .getByRole('listitem')
    ).toHaveCount(0);
    await backToBoard(mia);
  }
});

test('letters and thoughts go both ways, and can be taken back', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, phone);
  await openCard(ana, 'Bob');
  await writeLetter(ana, 'Bob', 'I never thanked you for the winter.');
  await openedCard(ana).getByRole('button', { name: 'Thought of you' }).click();
  await expect(openedCard(ana)).toContainText('You thought of Bob, just now.');
  await expect(card(bob, 'Ana')).toContainText('A letter for you.');
  await expect(card(bob, 'Ana')).toContainText('Ana thought of you.');
  await openCard(bob, 'Ana');
  await expect(openedCard(bob).getByText('I never thanked you for the winter.')).toBeVisible();
  await writeLetter(bob, 'Ana', 'You did, by staying.');
  await openedCard(bob).getByRole('button', { name: 'Thought of you' }).click();
  await expect(openedCard(ana).getByText('You did, by staying.')).toBeVisible();
  await expect(openedCard(ana)).toContainText('Bob thought of you, just now.');
  // What was read is not new any more.
  await backToBoard(bob);
  await expect(card(bob, 'Ana')).not.toContainText('letter');
  await expect(card(bob, 'Ana')).not.toContainText('thought of you');

  const entry = (text: string) => openedCard(ana).getByRole('listitem').filter({ hasText: text });
  await entry('You thought of Bob').getByRole('button', { name: 'Take back' }).click();
  await expect(entry('You thought of Bob')).toHaveCount(0);
  await entry('I never thanked you').getByRole('button', { name: 'Take back' }).click();
  await expect(entry('I never thanked you')).toContainText('Someone may have read it already.');
  await entry('I never thanked you').getByRole('button', { name: 'Take it back' }).click();
  await expect(entry('I never thanked you')).toHaveCount(0);
  await openCard(bob, 'Ana');
  await expect(openedCard(bob).getByText('You did, by staying.')).toBeVisible();
  await expect(openedCard(bob)).not.toContainText('I never thanked you for the winter.');
  await expect(openedCard(bob)).not.toContainText('Ana thought of you');

  await expect(card(mia, 'Ana')).not.toContainText('thought');
  await expect(card(mia, 'Bob')).not.toContainText('letter');
  await seeWords(mia, 'Ana', 'A rough week.');
});

test('Bob has not answered by the time Ana had in mind: her own phone offers to ask Mia', async ({ app, phone }) => {
  const { ana, bob, mia } = await gatherThree(app, withClock(phone, systemClock.nowMs()));
  await openCard(ana, 'Bob');
  await openedCard(ana).getByRole('button', { name: 'Hey, can we talk?' }).click();
  await openedCard(ana).getByRole('textbox', { name: 'To Bob alone' }).fill('Can somebody come by?');
  await openedCard(ana).getByRole('combobox', { name: "If Bob can't be reached, ask" }).selectOption('Mia');
  const time = await ana.evaluate(() => {
    const inTwoHours = new Date(Date.now() + 2 * 3_600_000);
    return [inTwoHours.getHours(), inTwoHours.getMinutes()].map((part) => `${part}`.padStart(2, '0')).join(':');
  });
  await openedCard(ana).getByLabel('by', { exact: true }).fill(time);
  await expect(openedCard(ana)).toContainText('A note to yourself, kept on this phone. Mia hears nothing of it.');
  await openedCard(ana).getByRole('button', { name: 'Send to Bob' }).click();
  await expect(openedCard(ana)).toContainText(/If Bob can't be reached by \d?\d:\d\d( [AP]M)?, ask Mia\./);
  await expect(reachOut(bob, 'Ana asks: can we talk?')).toContainText('Can somebody come by?');
  await expect(openedCard(bob)).not.toContainText('Mia hears');
  await backToBoard(ana);
  const next = ana.getByRole('region', { name: 'Whom to ask next' });
  await expect(reachOut(ana, 'You asked Bob if you can talk.')).toBeVisible();
  await expect(next).toHaveCount(0);

  await ana.clock.fastForward('02:05:00');
  await expect(next).toContainText("Bob hasn't answered by the time you had in mind. Their phone may be asleep.");
  // Until her own tap, Mia has heard nothing.
  await expect.poll(() => countKept(mia, kinds.private)).toBe(1);
  await expect(reachOut(mia, 'Ana asks: can we talk?')).toHaveCount(0);
  await next.getByRole('button', { name: 'Ask Mia' }).click();
  await expect(next).toHaveCount(0);
  await expect(reachOut(mia, 'Ana asks: can we talk?')).toContainText('Can somebody come by?');
  await expect(reachOut(ana, 'You asked Mia if you can talk.')).toBeVisible();
  await expect.poll(() => countKept(bob, kinds.private)).toBe(2);
  await expect(bob.getByText('Mia if you can talk')).toHaveCount(0);
  await ana.reload();
  await expect(reachOut(ana, 'You asked Mia if you can talk.')).toBeVisible();
  await expect(next).toHaveCount(0);
});
