/**
 * Harsh words put into a page on purpose, in every way that text can come to somebody: proof that the checker of
 * `gentle-text.ts` looks there.
 */
import type { Page } from '@playwright/test';
import { rules } from './gentle-text.ts';

/**
 * Plain text; a sentence in several elements; for screen readers only; folded away; attributes; written by a style sheet;
 * the name of the tab.
 */
export const carriers = ['text', 'parts', 'heard', 'folded', 'title', 'aria-label', 'alt', 'sheet', 'tab'] as const;

/** Puts an example of every rule into a page, in one way; the returned function takes them out again. */
export const plant = async (page: Page, carrier: (typeof carriers)[number]): Promise<() => Promise<void>> => {
  const before = await page.title();
  await page.evaluate(
    ([carrier, examples]) => {
      const garden = document.createElement('div');
      garden.id = 'garden';
      document.querySelector('main')?.append(garden);
      for (const example of examples) {
        const element = document.createElement(carrier === 'alt' ? 'img' : 'p');
        element.className = carrier === 'heard' ? 'heard' : 'planted';
        element.hidden = carrier === 'folded';
        if (carrier === 'parts') {
          // A name and a number in elements of their own: the sentence is one all the same.
          for (const part of example.split(/(?<= )/))
            element.append(Object.assign(document.createElement('bdi'), { textContent: part }));
        } else if (['title', 'aria-label', 'alt'].includes(carrier)) element.setAttribute(carrier, example);
        else if (carrier === 'sheet') element.style.setProperty('--planted', JSON.stringify(example));
        else if (carrier !== 'tab') element.textContent = example;
        garden.append(element);
      }
      if (carrier === 'tab') document.title = examples.join(' · ');
      if (carrier === 'sheet') {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('.planted::after { content: var(--planted); }');
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }
    },
    [carrier, rules.map(({ example }) => example)] as const
  );
  return () =>
    page.evaluate((title) => {
      document.querySelector('#garden')?.remove();
      document.title = title;
    }, before);
};
