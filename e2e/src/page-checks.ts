import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';
import { rulesOfALook, rulesOfAPage } from './axe-rules.ts';
import { inPage, patienceMs } from './patience.ts';

/**
 * Waits for the page to be complete and still: its heading instead of skeletons, fonts loaded, no animation that ends by
 * itself under way. Throws an error that names what is missing or still moving.
 */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('h1').first(), `${page.url()} has a heading`).toBeAttached();
  await expect(page.locator('.skeleton'), `${page.url()} has loaded`).toHaveCount(0);
  await expectStill(page);
}

/** Waits until fonts are loaded and every animation that is rendered and ends by itself has ended. */
export async function expectStill(page: Page, limitMs = patienceMs - 2_000): Promise<void> {
  const moving = await inPage(page, 'what moves', page.evaluate(waitUntilStill, limitMs));
  expect(moving, `what still moves or loads on ${page.url()} after ${limitMs / 1000} s`).toEqual([]);
}

/** Runs in the page. Resolves to the names of what has not ended after `limitMs`. */
async function waitUntilStill(limitMs: number): Promise<string[]> {
  const name = (animation: Animation) => {
    const target = (animation.effect as KeyframeEffect | null)?.target;
    const element = target ? [target.localName, ...target.classList].join('.') : 'nothing';
    return animation instanceof CSSTransition ? `transition of ${animation.transitionProperty} on ${element}` : `animation of ${element}`;
  };
  // What is not rendered, such as a control in a closed <details>, gets no frames: its transitions never end.
  const isRendered = ({ effect }: Animation) =>
    (effect as KeyframeEffect | null)?.target?.checkVisibility({ contentVisibilityAuto: true }) ?? false;
  const isFinite = ({ effect }: Animation) => Number.isFinite(effect?.getComputedTiming().endTime);
  const deadline = performance.now() + limitMs;
  for (;;) {
    const moving = document
      .getAnimations()
      .filter((animation) => animation.playState === 'running' && isFinite(animation) && isRendered(animation))
      .map(name);
    if (document.fonts.status === 'loading') moving.push('fonts');
    if (moving.length === 0 || performance.now() > deadline) return moving;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** No accessibility violation on the page as it stands, by all rules for a page. */
export async function expectAccessible(page: Page): Promise<void> {
  // Loading it takes a moment, in which a page may change.
  await loadAxe(page);
  await settled(page);
  await expectNoViolation(page, axeOn(page).withTags(rulesOfAPage));
}

/** Nothing sticks out sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await inPage(
    page,
    'its width',
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  );
  expect(overflow, `sideways scroll on ${page.url()}`).toBeLessThanOrEqual(0);
}

/** How `expectGoodInEveryLook` looks at a page first. */
export async function takeFirstLook(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function takeSecondLook(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 800 });
}

/**
 * In the light theme on a wide screen and in the dark theme on a narrow one: a heading is visible, nothing sticks out
 * sideways, no accessibility violation. The second time, elements that were rendered before are judged only by the rules
 * that a theme or a width can change; those that were not, by all.
 */
export async function expectGoodInEveryLook(page: Page): Promise<void> {
  await takeFirstLook(page);
  await expectAccessible(page);
  await expectHeadingAndWidth(page);
  await inPage(page, 'what is shown', page.evaluate(rememberShown));
  await takeSecondLook(page);
  await settled(page);
  await expectNoViolation(page, axeOn(page).withRules(rulesOfALook));
  await expectHeadingAndWidth(page);
  const shown = await inPage(page, 'what is newly shown', page.evaluate(markNewlyShown));
  if (shown > 0) await expectNoViolation(page, axeOn(page).withTags(rulesOfAPage).include('[data-newly-shown]'));
}

async function expectHeadingAndWidth(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first(), `${page.url()} has a heading`).toBeVisible();
  await expectNoSidewaysScroll(page);
}

type Remembering = typeof globalThis & { shownBefore?: WeakSet<Element> };

/** Runs in the page. */
function rememberShown(): void {
  const rendered = [...document.querySelectorAll('*')].filter((element) => element.checkVisibility());
  (globalThis as Remembering).shownBefore = new WeakSet(rendered);
}

/** Runs in the page. Marks what is rendered and was not, without what is within it; returns how many elements that are. */
function markNewlyShown(): number {
  const before = (globalThis as Remembering).shownBefore;
  const isNew = (element: Element | null) => element !== null && before?.has(element) !== true && element.checkVisibility();
  const marked = [...document.body.querySelectorAll('*')].filter((element) => isNew(element) && !isNew(element.parentElement));
  for (const element of marked) element.setAttribute('data-newly-shown', '');
  return marked.length;
}

/**
 * Axe on this page. Its half megabyte of source is sent and read once per document; the builder would do it twice per
 * analysis. Without frames on our pages, its older way of collecting results finds the same in half the time.
 */
function axeOn(page: Page): AxeBuilder {
  return new AxeBuilder({ page, axeSource: ';' }).options({ resultTypes: ['violations'] }).setLegacyMode();
}

async function loadAxe(page: Page): Promise<void> {
  const isThere = await inPage(
    page,
    'whether axe is there',
    page.evaluate(() => 'axe' in globalThis),
  );
  if (!isThere) await inPage(page, 'axe to load', page.evaluate(axe.source));
}

async function expectNoViolation(page: Page, axeBuilder: AxeBuilder): Promise<void> {
  const { violations } = await inPage(page, 'axe to judge it', axeBuilder.analyze());
  const found = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ target, failureSummary = '' }) => `  ${target.join(' ')}: ${failureSummary}`).join('\n')}`,
  );
  expect(found, `axe on ${page.url()}`).toEqual([]);
}
