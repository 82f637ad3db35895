/**
 * What is only between two: letters, thoughts, and asking to talk, with a second friend in mind.
 */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { dayMs } from '../../src/lib/base/clock.ts';
import { box, button, open } from './open-friend-page.ts';
import { anaBetween, anaOpened, keyOf, letter, pageOf, personOf, reachOut } from './screen-friend-page.ts';

test('a letter is asked for twice before it is taken back; a thought is not', async () => {
  const { done } = await open(pageOf('Ana', null, { between: anaBetween }));
  const thoughtLine = page.getByRole('listitem').filter({ hasText: 'You thought of Ana, yesterday.' });
  await thoughtLine.getByRole('button', { name: 'Take back' }).click();
  expect(done).toHaveBeenLastCalledWith('takeBack', anaBetween[1]?.slot);
  await expect.element(page.getByRole('heading', { name: 'Only between you and Ana' })).toHaveFocus();
  await button('Take back').click();
  await expect.element(button('Keep it')).toHaveFocus();
  await button('Keep it').click();
  await expect.element(button('Take back')).toHaveFocus();
  await button('Take back').click();
  await button('Take it back').click();
  expect(done).toHaveBeenLastCalledWith('takeBack', anaBetween[2]?.slot);
  await expect.element(page.getByText('I’ll come on Sunday.')).not.toBeInTheDocument();
});

test('what was said on another device of one’s own says where it can be taken back', async () => {
  await open(pageOf('Ana', null, { between: anaBetween.map((entry) => ({ ...entry, elsewhere: true as const })) }));
  await expect.element(page.getByText('I’ll come on Sunday.')).toBeVisible();
  const told = page.getByText('Said on another of your devices. It can be taken back there.');
  const takenBack = anaBetween.filter(({ own, type }) => own && type !== 'reach-out');
  expect(takenBack.length).toBeGreaterThan(1);
  expect(told.elements()).toHaveLength(takenBack.length);
  await expect.element(button('Take back')).not.toBeInTheDocument();
});

test('after a silence too: a thought is one tap, a letter is for one', async () => {
  const { done } = await open(pageOf('Ana', null));
  await expect
    .element(page.getByText('Nothing said for a while. Quiet may only mean a phone is asleep.'))
    .toBeVisible();
  await expect.element(button('me too')).not.toBeInTheDocument();
  await button('Thought of you').click();
  expect(done).toHaveBeenLastCalledWith('thought');
  await button('Write a letter').click();
  await expect.element(page.getByText('Ana sees this. Nobody else can open it.')).toBeVisible();
});

test('reaching out begins with its sentence, says when it is seen, and may name a second friend and a time', async () => {
  const { done } = await open(pageOf('Ana', null));
  await button('Hey, can we talk?').click();
  await expect.element(box('To Ana alone')).toHaveValue('Hey, can we talk?');
  await expect
    .element(page.getByText("When Ana next opens Shoulder, this is there. If it can't wait, call Ana."))
    .toBeVisible();
  const whom = page.getByRole('combobox', { name: "If Ana can't be reached, ask" });
  expect([...(whom.element() as HTMLSelectElement).options].map(({ label }) => label)).toEqual([
    'nobody else',
    'Jo',
    'Mia'
  ]);
  await whom.selectOptions('Mia');
  await page.getByLabelText('by', { exact: true }).fill('21:00');
  const byMs = new Date(2026, 4, 14, 21, 0).getTime();
  expect(done).toHaveBeenLastCalledWith('second', { person: personOf('Mia'), byMs });
  await button('Send to Ana').click();
  expect(done).toHaveBeenLastCalledWith('reachOut', 'Hey, can we talk?');
  await expect.element(button('Hey, can we talk?')).toHaveFocus();
});

test('one’s own question shows its second friend, then the answer, and ends', async () => {
  const asked = reachOut('Ana', true);
  const seconds = new Map([
    [keyOf(asked.about), { person: personOf('Mia'), byMs: new Date(2026, 4, 14, 21, 0).getTime() }]
  ]);
  const { done, become } = await open(pageOf('Ana', null, { between: [asked] }), { seconds });
  await expect.element(page.getByText(/^If Ana can't be reached by 9:00\sPM, ask Mia\.$/)).toBeVisible();
  become(pageOf('Ana', null, { between: [reachOut('Ana', true, { answer: 'not-today' })] }));
  await expect.element(page.getByText('Ana: not today, but I see you.')).toBeVisible();
  await expect.element(page.getByText(/can't be reached/)).not.toBeInTheDocument();
  await button("It's all right again").click();
  expect(done.mock.lastCall?.[0]).toBe('clear');
  become(pageOf('Ana', null, { between: [reachOut('Ana', true, { answer: 'not-today', clear: true })] }));
  await expect.element(page.getByText("You said it's all right again.")).toBeVisible();
  await expect.element(button("It's all right again")).not.toBeInTheDocument();
});

test('who is asked to talk is led there from the top, and answers with one tap', async () => {
  const asked = reachOut('Ana', false, { words: 'Are you up? It’s bad.' });
  const { done } = await open(pageOf('Ana', anaOpened(), { between: [letter('Ana', 'x', false, dayMs), asked] }));
  await expect.element(page.getByText('Ana asks: can we talk?')).toBeVisible();
  await button('Answer').click();
  expect(document.activeElement?.textContent).toContain('Are you up? It’s bad.');
  const tonight = button('Tonight');
  await expect.element(tonight).toBeInViewport();
  await tonight.click();
  expect(done).toHaveBeenLastCalledWith('reachAnswer', asked.about, 'tonight');
  await expect.element(tonight).toHaveAttribute('aria-pressed', 'true');
  await expect.element(button('Answer')).not.toBeInTheDocument();
});
