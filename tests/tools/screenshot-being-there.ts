/** Saying it and being there: the composer with all it has, cards that are opened, and what is between two people. */
import type { Page } from '@playwright/test';
import { allSizes, box, button, openCard, shoot, toMiddle, toTop } from './screenshot-camera.ts';

/** From a board with friends, everything the composer has; ends on the board with nothing said. */
export const shootSaying = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'How are you, really?' }).click();
  await page.getByRole('slider', { name: 'Pleasantness' }).fill('-45');
  await page.getByRole('slider', { name: 'Energy' }).fill('-30');
  const feelings = page.getByRole('group', { name: 'Feeling words' });
  await button(feelings, 'sad').click();
  await box(page, 'In your own words').fill("I'm fine.");
  await button(page, "No, that's how it is").waitFor();
  await shoot(page, '21-composer-notch', { settle: toMiddle(box(page, 'In your own words')) });
  await box(page, 'In your own words').fill('I keep setting the table for two.');
  await button(page, 'be near').click();
  await shoot(page, '22-composer-written', { settle: toTop(page), on: allSizes });
  await button(page, 'Change').click();
  const who = page.getByRole('group', { name: 'Who sees it' });
  await button(who, 'Mia').click();
  await button(who, 'Jo').click();
  await button(page, 'a week').click();
  await shoot(page, '23-composer-audience', { settle: toMiddle(who), on: allSizes });
  await button(feelings, 'other …').click();
  await button(page, 'Done').waitFor();
  await shoot(page, '24-feeling-words', { on: allSizes });
  await box(page, 'Look for a word').fill('threadbare');
  await shoot(page, '25-feeling-words-own', { on: ['phone'] });
  await button(page, 'Done').click();
  await box(page, 'In your own words').fill('');
  await button(page, 'Not now').click();
  await page.getByRole('region', { name: 'Board' }).waitFor();
};

/** Friends' cards and one's own, opened from the board of five; ends there. */
export const shootAnswers = async (page: Page): Promise<void> => {
  const main = page.getByRole('main');
  await openCard(page, 'Mia');
  await main.getByText('I have the car').waitFor();
  await shoot(page, '26-friend', { settle: toTop(page), on: allSizes });
  await shoot(page, '27-friend-further', { settle: toMiddle(button(main, 'Thought of you')), on: ['phone'] });
  await button(main, 'A few words …').click();
  await box(main, 'A few words to Mia').fill('I am awake too. No need to answer.');
  await shoot(page, '28-friend-few-words', { settle: toMiddle(box(main, 'A few words to Mia')) });
  await button(main, 'Not now').click();
  await button(main, 'me too').click();
  await button(main, 'Add words that only Mia gets').click();
  await shoot(page, '29-friend-been-there', { settle: toMiddle(box(main, 'Words that only Mia gets')), on: ['phone'] });
  await button(main, 'Not now').click();
  await button(main, 'Hey, can we talk?').click();
  await main.getByRole('combobox').selectOption('Jo');
  await shoot(page, '30-friend-can-we-talk', { settle: toMiddle(box(main, 'To Mia alone')) });
  await button(main, 'Send to Mia').click();
  await main.getByText('You asked Mia if you can talk').waitFor();
  await shoot(page, '31-friend-asked', { settle: toMiddle(button(main, "It's all right again")), on: ['phone'] });
  await page.getByRole('link', { name: 'Back', exact: true }).click();

  await openCard(page, 'Sam');
  await main.getByText('Thank you for the soup').waitFor();
  await shoot(page, '32-between', { settle: toTop(page), on: allSizes });
  await shoot(page, '33-between-letters', {
    settle: toMiddle(main.getByText('Thank you for the soup')),
    on: ['phone']
  });
  await button(main, 'Write a letter').click();
  await shoot(page, '34-between-letter-box', { settle: toMiddle(box(main, 'A letter to Sam')) });
  await button(main, 'Not now').click();
  await shoot(page, '35-before', { settle: toMiddle(page.getByRole('heading', { name: 'Before' })), on: ['phone'] });
  await page.getByRole('link', { name: 'Back', exact: true }).click();

  await openCard(page, 'You');
  await main.getByText('Jo has been there too').waitFor();
  await shoot(page, '36-own', { settle: toTop(page), on: allSizes });
  await shoot(page, '37-own-further', { settle: toMiddle(main.getByText('Jo has been there too')), on: ['phone'] });
  await button(main, 'Hear').click();
  await main.getByText('The year after my father died').waitFor();
  await shoot(page, '38-own-heard', { settle: toMiddle(main.getByText('The year after my father died')) });
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await page.getByRole('region', { name: 'Board' }).waitFor();
  await shoot(page, '39-board-asked', { settle: toTop(page) });
};
