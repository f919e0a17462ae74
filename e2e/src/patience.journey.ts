import { expect, inPage, test, within } from './journey.ts';
import { expectStill } from './page-checks.ts';

// These pages are made here: what waits for a page is tried on pages that never get there.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

const styles = `
  @keyframes fade { from { opacity: 0 } }
  .slow { animation: fade 600s } .quick { animation: fade 100ms } .spinner { animation: fade 1s infinite }
  input { transition: background-color 100ms; background-color: white }
  @media (prefers-color-scheme: dark) { input { background-color: black } }`;

test('transitions in a closed <details> and endless animations keep no journey waiting', async ({ page }) => {
  await page.setContent(
    `<style>${styles}</style><p class="spinner">…</p><p class="quick">Soon</p><details><summary>Filters</summary><input></details>`,
  );
  await page.emulateMedia({ colorScheme: 'dark' });
  await inPage(
    page,
    'a frame',
    page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve))),
  );
  await expectStill(page);
  const running = page.evaluate(() => document.getAnimations().map(({ effect }) => (effect as KeyframeEffect).target?.className));
  expect(await running).not.toContain('quick');
});

test('an animation that does not end is named', async ({ page }) => {
  await page.setContent(`<style>${styles}</style><p class="slow">Later</p>`);
  await expect(expectStill(page, 300)).rejects.toThrow(/still moves or loads on about:blank after 0\.3 s[^]*animation of p\.slow/);
});

test('what does not come in time is named', async ({ page }) => {
  const never = page.evaluate(() => new Promise<void>(() => undefined));
  await expect(within('what never comes', never, 200)).rejects.toThrow('Waited 0.2 s for what never comes');
  expect(await within('what comes', Promise.resolve(1))).toBe(1);
});
