import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServices } from '../../services.ts';
import { createTestApp, type TestApp } from '../../testing.ts';

const password = 'a long sentence is a good password';
let test: TestApp;
let people = 0;
beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

function signUp(displayName: string) {
  people += 1;
  return test.anonymous.send<{ code: string; errors?: { path: string }[] }>('POST', '/api/v1/auth/sign-up', {
    email: `name${people}@example.org`,
    password,
    displayName,
  });
}

describe('display names that look alike', () => {
  it.each([
    ['Wheatear', 'Whеatеar', 'Cyrillic е'],
    ['paypal', 'pаyраl', 'Cyrillic а and р'],
    ['Alice', 'AIice', 'a capital I for an l'],
    ['Bell', 'BeI1', 'a capital I and a digit'],
    ['Modern', 'Modem', 'm for rn'],
    ['Orion', '0rion', 'a digit for an O'],
    ['SCOPE', 'ЅСОРЕ', 'all of it Cyrillic'],
    ['Torben', 'Τorben', 'a Greek capital'],
    ['Maria Ode', 'MARIA ΟDE', 'a Greek capital, in another case'],
    ['Ελενη', 'Eλεvη', 'Latin in a Greek name'],
  ])('409: %s, then %s (%s)', async (taken, lookAlike) => {
    expect(await signUp(taken)).toMatchObject({ status: 201 });
    const reply = await signUp(lookAlike);
    expect(reply).toMatchObject({ status: 409, body: { code: 'display_name_taken' } });
  });

  it('201 for names that merely resemble each other', async () => {
    for (const name of ['Anna', 'Anne', 'Kali', 'Kala', 'Ährenleser', 'Ahrenleser', 'Мария', 'Марина', '李明', '李朋'])
      expect([name, (await signUp(name)).status]).toEqual([name, 201]);
  });

  it('409 for a change of name; one’s own may be written otherwise', async () => {
    const [one, other] = [await test.signIn(), await test.signIn()];
    expect(await one.send('PATCH', '/api/v1/me', { displayName: 'Redshank' })).toMatchObject({ status: 200 });
    expect(await one.send('PATCH', '/api/v1/me', { displayName: 'Rеdshank' })).toMatchObject({ status: 200 });
    expect(await other.send('PATCH', '/api/v1/me', { displayName: 'Redshank' })).toMatchObject({
      status: 409,
      body: { code: 'display_name_taken' },
    });
  });

  it('of two at once, one succeeds', async () => {
    const replies = await Promise.all(['Sandpiper', 'Sаndpiper'].map(signUp));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  it('names of before keep working, also two that look alike, and keep later ones out', async () => {
    const old = ['Fieldfare', 'Fiеldfare', 'Stonechat'];
    for (const [n, displayName] of old.entries())
      await test.db.prisma.user.create({
        data: { email: `old${n}@example.org`, passwordHash: 'none', displayName, displayNameKey: displayName.toLowerCase() },
      });
    const { fillSkeletons } = createServices(test.deps).accounts;
    expect(await fillSkeletons()).toBeGreaterThanOrEqual(3);
    expect(await fillSkeletons()).toBe(0);
    const kept = await test.db.prisma.user.findMany({ where: { email: { startsWith: 'old' } }, orderBy: { email: 'asc' } });
    expect(kept.map(({ displayName }) => displayName)).toEqual(old);
    expect(new Set(kept.map(({ displayNameSkeleton }) => displayNameSkeleton)).size).toBe(3);
    for (const name of ['Fieldfаre', 'Stоnechat']) expect(await signUp(name)).toMatchObject({ status: 409 });
  });
});

describe('display names that cannot be seen', () => {
  it.each([
    ['a zero-width space', 'Wag\u200btail'],
    ['a soft hyphen', 'Wag\u00adtail'],
    ['a right-to-left override', '\u202eliatgaW'],
    ['Hangul fillers', '\u3164\u3164\u3164'],
    ['a halfwidth Hangul filler', 'Wag\uffa0tail'],
    ['a combining grapheme joiner', 'Wag\u034ftail'],
    ['a variation selector', 'Wagtail\ufe0f'],
    ['a Braille blank', '\u2800\u2800'],
    ['marks alone', '\u0301\u0301\u0301'],
    ['punctuation alone', '. - _'],
    ['an ideographic space alone', '\u3000\u3000\u3000'],
    ['a heap of marks', `W${'\u0301\u0316'.repeat(8)}agtail`],
    ['a tag character', 'Wagtail\u{e0041}'],
  ])('400: %s', async (_case, name) => {
    const reply = await signUp(name);
    expect(reply).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(new Set(reply.body.errors?.map(({ path }) => path))).toEqual(new Set(['displayName']));
  });

  it.each(['Nguyễn Ánh', 'Ḥāfiẓ', 'हिन्दी लेखक', 'שלום', 'o’Brien', 'Zoë'])('201: %s', async (name) => {
    expect(await signUp(name)).toMatchObject({ status: 201 });
  });
});
